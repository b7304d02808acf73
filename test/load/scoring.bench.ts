import { cp } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Caller } from '../support/caller.js';
import { type AtWork, atWork, feedOf, newAssessment } from '../support/candidate.js';
import { endAll, newDataDir, Server } from '../support/server.js';
import { batchOf } from './activity-batch.js';
import { measure } from './batch-load.js';
import { type Bench, type BenchResult, percentile } from './bench.js';

const SESSIONS = 200;
const EVENTS_EACH = 100;
/** Callers at a time. */
const TOGETHER = 16;
const CONSUMERS = [1, 2, 4];
/** Connections of the ingest load beside which sessions are scored: enough to fill both cores. */
const INGEST = 16;
const INGEST_SECONDS = 20;
const SUBMITTED_MEANWHILE = 50;

export async function inTurns(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, lane));
}

/** Candidates who have done their work and not handed it in. */
export async function readySessions(server: Server, count: number, prefix: string): Promise<AtWork[]> {
  const assessment = await newAssessment(server.owner);
  const ready: AtWork[] = [];
  await inTurns(count, async (index) => {
    const candidate = await atWork(server, assessment, `${prefix}${index}@example.com`);
    await candidate.workspace.post(`/api/sessions/${candidate.sessionId}/events`, batchOf(EVENTS_EACH, `e${index}`));
    ready.push(candidate);
  });
  return ready;
}

export async function submit({ workspace, sessionId }: AtWork): Promise<void> {
  const { status } = await workspace.post(`/api/sessions/${sessionId}/submit`, {});
  if (status !== 200) throw new Error(`A submission was answered ${status}.`);
}

/** When each session's last fact of that type was written, by the server's clock. */
export async function moments(owner: Caller, type: string): Promise<ReadonlyMap<string, number>> {
  const facts = await feedOf(owner, [type]);
  return new Map(facts.map(({ subjectId, createdAt }) => [subjectId, Date.parse(createdAt)]));
}

/** Answers when as many sessions are scored. */
async function scored(owner: Caller, count: number): Promise<ReadonlyMap<string, number>> {
  for (;;) {
    const { body } = await owner.get('/api/sessions?limit=1&status=scored');
    if (body.total >= count) return moments(owner, 'score_recorded');
    await delay(100);
  }
}

async function lags(owner: Caller, count: number): Promise<readonly number[]> {
  const ends = await scored(owner, count);
  const begins = await moments(owner, 'task_submitted');
  return [...ends].map(([sessionId, end]) => end - begins.get(sessionId)!).sort((one, other) => one - other);
}

const lagRows = (what: string, sorted: readonly number[]): BenchResult[] =>
  [0.5, 0.99].map((share) => ({
    what: `${what}, p${share * 100}`,
    measured: percentile(sorted, share),
    unit: 'ms',
    yardsticks: [],
  }));

const withServer = async (work: (server: Server) => Promise<BenchResult[]>): Promise<BenchResult[]> => {
  const server = await Server.start({ env: { LOG_LEVEL: 'warn', VERBATIM_SCORERS: '4' } });
  try {
    return await work(server);
  } finally {
    await server.stop();
    await endAll();
  }
};

const throughput: Bench = {
  name: 'scoring: sessions a second',
  run: async () => {
    const prepared = await Server.start({ env: { LOG_LEVEL: 'warn' } });
    const ready = await readySessions(prepared, SESSIONS, 'c');
    for (const candidate of ready) await submit(candidate);
    await prepared.stop();
    const results: BenchResult[] = [];
    for (const consumers of CONSUMERS) {
      const dataDir = await newDataDir();
      await cp(prepared.dataDir, dataDir, { recursive: true });
      const env = { LOG_LEVEL: 'warn', VERBATIM_SCORERS: String(consumers) };
      const server = await Server.start({ dataDir, env });
      const ends = await scored(server.owner, SESSIONS);
      const begins = await moments(server.owner, 'scoring_started');
      await server.stop();
      const seconds = (Math.max(...ends.values()) - Math.min(...begins.values())) / 1000;
      results.push({
        what: `offline judge, sessions of ${EVENTS_EACH} events, ${consumers} at a time`,
        measured: SESSIONS / seconds,
        unit: 'sessions/s',
        yardsticks: [],
      });
    }
    await endAll();
    return results;
  },
};

const submittedToScored: Bench = {
  name: 'scoring: submitted to scored',
  run: () =>
    withServer(async (server) => {
      const ready = await readySessions(server, SESSIONS, 'c');
      await inTurns(SESSIONS, (index) => submit(ready[index]!));
      const what = `from submitted to scored, ${SESSIONS} submitted by ${TOGETHER} at once`;
      return lagRows(what, await lags(server.owner, SESSIONS));
    }),
};

const underIngest: Bench = {
  name: 'scoring: lag under ingest',
  run: () =>
    withServer(async (server) => {
      const ready = await readySessions(server, SUBMITTED_MEANWHILE, 'c');
      const writing = await readySessions(server, INGEST, 'w');
      const sessions = writing.map(({ sessionId, token }) => ({ sessionId, token }));
      const load = measure({ url: server.url, sessions, seconds: INGEST_SECONDS, eventsEach: 10 });
      for (const candidate of ready) {
        await submit(candidate);
        await delay((INGEST_SECONDS * 800) / SUBMITTED_MEANWHILE);
      }
      const { requestsPerSecond } = await load;
      const rate = Math.round(requestsPerSecond * 10).toLocaleString('en-US');
      const what = `from submitted to scored, while ${rate} events/s come in over ${INGEST} connections`;
      return lagRows(what, await lags(server.owner, SUBMITTED_MEANWHILE));
    }),
};

export const scoringBenches: readonly Bench[] = [throughput, submittedToScored, underIngest];
