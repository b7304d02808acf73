import type { ApiClient } from '../client.js';
import { type CodingEvent, SessionPlayer } from '../session-player.js';
import { person } from './material.js';
import { SeededRandom } from './random.js';

export const CODING_CANDIDATES = 12;

const CHALLENGE = {
  title: 'Coding: the export that breaks spreadsheets',
  role: 'Software Engineer',
  taskBrief:
    'Rows whose fields hold commas, quotes or line breaks come out shifted. Make toCsv and parseCsv follow RFC 4180, with ' +
    'tests that show every table survives the way there and back.',
  timeLimitMinutes: 90,
};

const PROMPTS = [
  'Where does the exporter escape fields?',
  'Write a failing test for a field with a line break in it.',
  'Does this handle a quote at the very end?',
  'Explain the state machine of the parser in three sentences.',
  'Which cases of RFC 4180 are not covered yet?',
];
const ANSWERS = [
  'Nowhere: csv.ts joins the fields with commas.',
  'The test is in csv.spec.ts; it fails on the second row.',
  'Yes: the closing quote is only taken as such when a comma, a line break or the end follows.',
  'Empty fields at the end of a row, and CRLF inside quotes.',
];
const FILES = ['src/csv.ts', 'src/parse-csv.ts', 'test/csv.spec.ts'];
const COMMANDS = ['npx tsc --noEmit', 'npm run lint', 'git diff --stat', 'node scripts/try-export.js'];

export interface CodingResult {
  readonly assessment: { readonly id: string; readonly name: string };
  readonly events: number;
}

/** A cohort of engineers, told event by event as their own tools would (V11). The same seed again changes nothing. */
export async function fillCodingCohort(
  client: ApiClient,
  seed: number,
  onCandidate: (done: number) => void,
): Promise<CodingResult> {
  const assessment = await ensureChallenge(client);
  let events = 0;
  for (let index = 0; index < CODING_CANDIDATES; index += 1) {
    const player = await SessionPlayer.invite(client, assessment.id, person(index));
    if (!player.isDone) {
      await player.open();
      const random = new SeededRandom(seed * 2003 + index);
      for (const event of codingStory(random, `coding${seed}-${index}`, Date.now()))
        if (await player.tell(event)) events += 1;
      await player.submit();
    }
    onCandidate(index + 1);
  }
  return { assessment, events };
}

async function ensureChallenge(client: ApiClient): Promise<{ id: string; name: string }> {
  const { assessments } = await client.get<{ assessments: readonly { id: string; title: string }[] }>(
    '/v1/assessments',
  );
  const { id } =
    assessments.find(({ title }) => title === CHALLENGE.title) ??
    (await client.post<{ assessment: { id: string } }>('/v1/assessments', CHALLENGE)).assessment;
  return { id, name: CHALLENGE.title };
}

/** Rounds of asking, letting the AI write, mending by hand, running and testing; three in four end on green tests. */
function codingStory(random: SeededRandom, prefix: string, startedAt: number): readonly CodingEvent[] {
  const events: CodingEvent[] = [];
  let ts = startedAt;
  const add = (kind: string, actor: 'human' | 'ai', data: object) => {
    ts += random.between(2000, 20_000);
    events.push({ id: `${prefix}-${events.length}`, ts, kind, actor, source: 'verbatim-demo', data });
  };
  const edit = (actor: 'human' | 'ai') =>
    add('file_diff', actor, {
      path: random.pick(FILES),
      charsAdded: random.between(10, 900),
      charsRemoved: random.between(0, 200),
    });
  const passes = random.chance(0.75);
  const rounds = random.between(2, 6);
  for (let round = 1; round <= rounds; round += 1) {
    add('prompt', 'human', { content: random.pick(PROMPTS) });
    add('ai_response', 'ai', { content: random.pick(ANSWERS), model: 'demo-model' });
    for (let edits = random.between(1, 2); edits > 0; edits -= 1) edit('ai');
    if (random.chance(0.6)) edit('human');
    if (random.chance(0.7))
      add('command', 'human', { command: random.pick(COMMANDS), exitCode: random.chance(0.2) ? 1 : 0 });
    const failed = round === rounds ? (passes ? 0 : 1) : random.between(0, 3);
    add('test_run', random.chance(0.5) ? 'human' : 'ai', { command: 'npm test', passed: 14 - failed, failed });
  }
  return events;
}
