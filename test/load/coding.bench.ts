import type { Caller } from '../support/caller.js';
import { endAll, Server } from '../support/server.js';
import { type Bench, type BenchResult, percentile } from './bench.js';

const CONNECTIONS = 64;
const WARM_MS = 2_000;
const MEASURED_MS = 6_000;
const KEYS_A_CALL = 50;
const CALLS = 40;

interface Redeemed {
  readonly caller: Caller;
  readonly sessionId: string;
}

async function codingAssessment(owner: Caller): Promise<string> {
  const { status, body } = await owner.post('/v1/assessments', {
    title: 'Bench',
    role: 'Engineer',
    taskBrief: 'Mend it.',
  });
  if (status !== 201) throw new Error(`assessment: ${status} ${JSON.stringify(body)}`);
  return body.assessment.id;
}

async function issueKeys(owner: Caller, assessmentId: string, count: number): Promise<readonly { key: string }[]> {
  const { status, body } = await owner.post(`/v1/assessments/${assessmentId}/keys`, { count });
  if (status !== 201) throw new Error(`keys: ${status} ${JSON.stringify(body)}`);
  return body.keys;
}

/** What a coding tool's hook sends, one event a request. */
const hookEvent = (sessionId: string, id: string) => ({
  id,
  sessionId,
  ts: Date.now(),
  kind: 'command',
  data: { command: 'pytest -q tests/test_importer.py', exitCode: 0, durationMs: 1840, output: 'x'.repeat(300) },
});

async function sendUntil(redeemed: Redeemed, prefix: string, ends: number): Promise<number[]> {
  const times: number[] = [];
  for (let nth = 0; performance.now() < ends; nth += 1) {
    const began = performance.now();
    const answer = await redeemed.caller.post('/v1/hooks/ingest', hookEvent(redeemed.sessionId, `${prefix}-${nth}`));
    if (answer.status !== 201) throw new Error(`ingest: ${answer.status} ${JSON.stringify(answer.body)}`);
    times.push(performance.now() - began);
  }
  return times;
}

const hooks: Bench = {
  name: 'http: hooks of coding tools, one event a request',
  run: async (): Promise<BenchResult[]> => {
    const server = await Server.start({ env: { LOG_LEVEL: 'warn' } });
    try {
      const assessmentId = await codingAssessment(server.owner);
      const keys = [
        ...(await issueKeys(server.owner, assessmentId, 32)),
        ...(await issueKeys(server.owner, assessmentId, CONNECTIONS - 32)),
      ];
      const redeemed = await Promise.all(
        keys.map(async ({ key }): Promise<Redeemed> => {
          const { body } = await server.as(undefined).post('/v1/candidate/redeem', { key });
          return { caller: server.as(body.sessionToken), sessionId: body.sessionId };
        }),
      );
      const all = (prefix: string, ms: number) => {
        const ends = performance.now() + ms;
        return Promise.all(redeemed.map((one) => sendUntil(one, prefix, ends)));
      };
      await all('warm', WARM_MS);
      const began = performance.now();
      const times = (await all('measured', MEASURED_MS)).flat();
      const seconds = (performance.now() - began) / 1000;
      return [
        {
          what: `V11, one event a request, ${CONNECTIONS} connections`,
          measured: times.length / seconds,
          unit: 'requests/s',
          yardsticks: [],
        },
        {
          what: 'the same, p99 of an answer',
          measured: percentile(
            times.toSorted((a, b) => a - b),
            0.99,
          ),
          unit: 'ms',
          yardsticks: [],
        },
      ];
    } finally {
      await server.stop();
      await endAll();
    }
  },
};

const keyMaking: Bench = {
  name: 'http: candidate keys',
  run: async (): Promise<BenchResult[]> => {
    const server = await Server.start({ env: { LOG_LEVEL: 'warn' } });
    try {
      const assessmentId = await codingAssessment(server.owner);
      await issueKeys(server.owner, assessmentId, KEYS_A_CALL);
      const times: number[] = [];
      for (let call = 0; call < CALLS; call += 1) {
        const began = performance.now();
        await issueKeys(server.owner, assessmentId, KEYS_A_CALL);
        times.push(performance.now() - began);
      }
      const seconds = times.reduce((sum, ms) => sum + ms, 0) / 1000;
      return [
        {
          what: `candidate keys, ${KEYS_A_CALL} a call, one caller`,
          measured: (CALLS * KEYS_A_CALL) / seconds,
          unit: 'keys/s',
          yardsticks: [],
        },
        {
          what: 'the same, p99 of a call',
          measured: percentile(
            times.toSorted((a, b) => a - b),
            0.99,
          ),
          unit: 'ms',
          yardsticks: [],
        },
      ];
    } finally {
      await server.stop();
      await endAll();
    }
  },
};

export const codingBenches: readonly Bench[] = [hooks, keyMaking];
