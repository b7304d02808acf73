import { type AtWork, allEvents, atWork, invite, newAssessment } from '../support/candidate.js';
import { endAll, OWNER_KEY, Server } from '../support/server.js';
import { Live } from '../support/sse.js';
import { batchOf } from './activity-batch.js';
import { type Bench, type BenchResult, percentile } from './bench.js';

const TIMES = 300;
const WARM = 100;

/** Milliseconds of each time, sorted; the first ones, which only warm the server up, left out. */
async function timed(work: (time: number) => Promise<number>): Promise<readonly number[]> {
  const milliseconds: number[] = [];
  for (let time = 0; time < WARM + TIMES; time += 1) {
    const took = await work(time);
    if (time >= WARM) milliseconds.push(took);
  }
  return milliseconds.sort((one, other) => one - other);
}

async function clocked(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const rows = (what: string, sorted: readonly number[], atMost: number): BenchResult[] => [
  { what: `${what}, p50`, measured: percentile(sorted, 0.5), unit: 'ms', yardsticks: [] },
  { what: `${what}, p99`, measured: percentile(sorted, 0.99), unit: 'ms', yardsticks: [], goal: { atMost } },
];

const latency = (name: string, run: (server: Server, assessment: string) => Promise<BenchResult[]>): Bench => ({
  name: `http: ${name}`,
  run: async () => {
    const server = await Server.start({ env: { LOG_LEVEL: 'warn' } });
    try {
      return await run(server, await newAssessment(server.owner));
    } finally {
      await server.stop();
      await endAll();
    }
  },
});

const readYourWrite = latency('read-your-write', async (server, assessment) => {
  const sorted = await timed(async (time) => {
    const { sessionId } = await invite(server, assessment, `c${time}@example.com`);
    return clocked(async () => {
      const { body } = await server.owner.get('/api/sessions?limit=1');
      if (body.sessions[0]?.id !== sessionId) throw new Error('The list does not show what was written before it.');
    });
  });
  return rows('read-your-write: the list right after an invitation, one client', sorted, 15);
});

async function send({ workspace, sessionId }: AtWork, events: number, prefix: string): Promise<void> {
  const answer = await workspace.post(`/api/sessions/${sessionId}/events`, batchOf(events, prefix));
  if (answer.body.accepted?.length !== events) throw new Error(`Not taken: ${JSON.stringify(answer.body)}`);
}

const append = latency('append', async (server, assessment) => {
  const candidate = await atWork(server, assessment, 'c@example.com');
  const sorted = await timed((time) => clocked(() => send(candidate, 10, `a${time}`)));
  return rows('append of 10 events, one client', sorted, 50);
});

const firstPage = latency('first page', async (server, assessment) => {
  const candidate = await atWork(server, assessment, 'c@example.com');
  for (let batch = 0; batch < 40; batch += 1) await send(candidate, 250, `b${batch}`);
  const all = await allEvents(server.owner, candidate.sessionId);
  if (all.length !== 10_000) throw new Error(`The session has ${all.length} events.`);
  const sorted = await timed(() =>
    clocked(async () => {
      const { body } = await server.owner.get(`/api/sessions/${candidate.sessionId}/events`);
      if (body.total !== 10_000) throw new Error('A page of another session.');
    }),
  );
  return rows('first page of a session of 10,000 events', sorted, 100);
});

const live = latency('live delivery', async (server, assessment) => {
  const candidate = await atWork(server, assessment, 'c@example.com');
  const feed = await Live.open(server, '/v1/events/stream?types=user_message', OWNER_KEY);
  const sorted = await timed((time) =>
    clocked(async () => {
      await Promise.all([send(candidate, 1, `l${time}`), feed.next()]);
    }),
  );
  feed.close();
  return rows('live delivery: from sending an event to the feed showing it', sorted, 1_000);
});

export const latencyBenches: readonly Bench[] = [readYourWrite, append, firstPage, live];
