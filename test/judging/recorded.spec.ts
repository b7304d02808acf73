import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Judgement, quoteStandsIn } from '#scoring';
import { OFFLINE, scoresOf } from '../../libs/scoring/src/judging/testing/sample-work.js';
import { type OpenAiServer, startOpenAiServer } from '../support/openai-server/start.js';
import { judgedBy, judgesAt } from './judging.js';
import { recordedSessions } from './recorded.js';

const sessions = recordedSessions();
const judgedOffline = async (): Promise<ReadonlyMap<string, Judgement>> =>
  new Map(
    await Promise.all([...sessions].map(async ([name, input]) => [name, await judgedBy(input, OFFLINE)] as const)),
  );

describe('recorded work, judged offline', () => {
  it('has the same judgement in another process, and from the same events read anew', async () => {
    const here = JSON.stringify(Object.fromEntries(await judgedOffline()));
    const script = fileURLToPath(new URL('./recorded.process.js', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script], { maxBuffer: 2 ** 26 });
    expect(stdout).toBe(here);
    const anew = new Map<string, Judgement>();
    for (const [name, input] of sessions) anew.set(name, await judgedBy(JSON.parse(JSON.stringify(input)), OFFLINE));
    expect(JSON.stringify(Object.fromEntries(anew))).toBe(here);
  });

  it('is told apart: a session of one request and one file has less to be scored by, and less, than a mended bug', async () => {
    const judged = await judgedOffline();
    const [small, mended] = ['claude-code-transcripts-sample.jsonl', 'swe-agent-pydicom-1458.traj'].map(
      (name) => judged.get(name)!,
    );
    expect(small!.totals.scored.maxPoints).toBeLessThan(mended!.totals.scored.maxPoints);
    expect(small!.rawTotal).toBeLessThan(mended!.rawTotal - 20);
    expect(new Set([...judged.values()].map(({ rawTotal }) => rawTotal)).size).toBeGreaterThan(6);
  });

  it('is never taken for an attempt on the judge', async () => {
    for (const [name, { securityFlags }] of await judgedOffline())
      expect({ name, securityFlags }).toEqual({ name, securityFlags: [] });
  });
});

describe.each(['offline', 'llm'])('recorded work by the %s judge', (kind) => {
  let server: OpenAiServer;
  beforeAll(async () => {
    server = await startOpenAiServer();
  });
  afterAll(() => server.stop());

  it.each([...sessions.keys()])('has points only with a quote that stands where it says: %s', async (name) => {
    const input = sessions.get(name)!;
    const judgement = await judgedBy(input, kind === 'llm' ? judgesAt(server, { concurrency: 16 }) : OFFLINE);
    const byId = new Map(input.events.map((event) => [event.id, event]));
    const criteria = judgement.categories.flatMap(({ subCriteria }) => subCriteria);
    expect(Object.values(scoresOf(judgement)).some((score) => score !== null)).toBe(true);
    for (const { score, evidence } of criteria) {
      expect(score === null || evidence.length > 0).toBe(true);
      for (const { eventId, quote } of evidence) {
        const deliverables = eventId === input.events.at(-1)!.id ? input.deliverables.map(({ text }) => text) : [];
        // Blinded quotes stand in the blinded event; where nothing was blinded, in the event as it is.
        if (!quote.includes('[')) expect(quoteStandsIn(byId.get(eventId)!, quote, deliverables)).toBe(true);
      }
    }
  });
});
