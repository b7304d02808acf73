/**
 * A scorer of your own, over HTTP: follows what is submitted (Server-Sent Events, resumed where it left off), fetches each
 * submission with its rubric, and posts a score whose every number stands on a quote. Run with Node 22.18 or later:
 *   VERBATIM_URL=http://127.0.0.1:3000 VERBATIM_API_KEY=<key of role scorer> node docs/examples/external-scorer.ts
 */
import { readFile, writeFile } from 'node:fs/promises';

const {
  VERBATIM_URL = 'http://127.0.0.1:3000',
  VERBATIM_API_KEY = '',
  PLACE_FILE = 'external-scorer.place',
} = process.env;
const authorization = { authorization: `Bearer ${VERBATIM_API_KEY}` };

// biome-ignore lint/suspicious/noExplicitAny: shapes are those of the API's description, /openapi.json
type Json = any;

async function call(method: string, path: string, body?: object): Promise<{ status: number; body: Json }> {
  const headers = { ...authorization, ...(body ? { 'content-type': 'application/json' } : {}) };
  const answer = await fetch(VERBATIM_URL + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  if (answer.status >= 500 || answer.status === 401) throw new Error(`${method} ${path}: ${answer.status}`);
  return { status: answer.status, body: await answer.json() };
}

/** Where your own judgement goes: here, a point for each prompt up to five, shown by the first one. */
function judge(rubric: Json, prompts: Json[]): object[] {
  const share = Math.min(1, prompts.length / 5);
  const evidence = prompts.slice(0, 1).map(({ id, data }) => ({ eventId: id, quote: data.content.slice(0, 80) }));
  const scored = ({ id, points }: Json) =>
    evidence.length > 0 ? { id, score: Math.round(points * share * 100) / 100, evidence } : { id, score: null };
  return rubric.categories.map(({ id, points, subCriteria }: Json) => {
    const enabled = subCriteria.filter(({ enabled: on }: Json) => on);
    return { categoryId: id, subCriteria: (enabled.length > 0 ? enabled : [{ id, points }]).map(scored) };
  });
}

async function score({ id, sessionId }: Json): Promise<void> {
  const found = await call('GET', `/api/sessions/${sessionId}/submission`);
  if (found.status !== 200) return; // reopened or deleted since
  const { rubric, snapshot } = found.body.submission;
  const { events } = (await call('GET', `/api/sessions/${sessionId}/events?type=user_message&limit=1000`)).body;
  const prompts = events.filter(
    ({ seq, late, data }: Json) => seq < snapshot.atSeq && !late && data.content?.length >= 4,
  );
  // Under the submission's own id: posted again after a crash, it is the same score.
  const answer = await call('POST', `/api/sessions/${sessionId}/scores`, {
    id,
    model: 'external-scorer.ts',
    categories: judge(rubric, prompts),
    summaryText: `${prompts.length} prompts.`,
  });
  console.log(sessionId, answer.status === 201 ? answer.body.score.finalScore : answer.body.error.code);
}

/** From the place in the file on, for ever: the server's `id:` of each event is the place. */
async function follow(): Promise<void> {
  const place = await readFile(PLACE_FILE, 'utf8').catch(() => '');
  const headers = { ...authorization, ...(place ? { 'last-event-id': place } : {}) };
  const { status, body } = await fetch(`${VERBATIM_URL}/v1/events/stream?types=task_submitted`, { headers });
  if (status !== 200 || !body) throw new Error(`GET /v1/events/stream: ${status}`);
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const fields = Object.fromEntries(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => line.split(/: (.*)/s, 2)),
      );
      text = text.slice(end + 2);
      if (!fields.id) continue; // a heartbeat
      await score(JSON.parse(fields.data));
      await writeFile(PLACE_FILE, fields.id);
    }
  }
}

for (;;) {
  await follow().catch((error) => console.error(String(error)));
  await new Promise((resolve) => setTimeout(resolve, 1000));
}
