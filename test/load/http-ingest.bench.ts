import { type AtWork, atWork, newAssessment } from '../support/candidate.js';
import { endAll, Server } from '../support/server.js';
import type { LoadResult } from './batch-client.js';
import { forkOf, measure, nextMessage } from './batch-load.js';
import { type Bench, type BenchResult, median } from './bench.js';

const CONNECTIONS = 64;
const EVENTS_EACH = 10;
const ROUNDS = 5;
const SECONDS = 4;

/** New ones for each round: a session takes 20,000 events. */
async function sessionsAtWork(server: Server): Promise<AtWork[]> {
  const assessment = await newAssessment(server.owner);
  const number = Date.now();
  return Promise.all(
    Array.from({ length: CONNECTIONS }, (_, at) => atWork(server, assessment, `c${number}-${at}@example.com`)),
  );
}

/** A list waits for all that was written before it: after it, the read models owe nothing to the yardstick's turn. */
async function readModelsAreThere(server: Server): Promise<void> {
  for (;;) {
    const { status } = await server.owner.get('/api/sessions?limit=1');
    if (status === 200) return;
  }
}

const ingest: Bench = {
  name: 'http: ingest in batches of 10',
  run: async (): Promise<BenchResult[]> => {
    const server = await Server.start({ env: { LOG_LEVEL: 'warn' } });
    const bare = forkOf('./bare-ingest.js');
    try {
      const bareUrl = await nextMessage<string>(bare);
      const ours = async (seconds: number): Promise<LoadResult> => {
        const sessions = await sessionsAtWork(server);
        const result = await measure({
          url: server.url,
          sessions: sessions.map(({ sessionId, token }) => ({ sessionId, token })),
          seconds,
          eventsEach: EVENTS_EACH,
        });
        await readModelsAreThere(server);
        return result;
      };
      const yardstick = async (seconds: number): Promise<LoadResult> =>
        measure({
          url: bareUrl,
          sessions: Array.from({ length: CONNECTIONS }, (_, at) => ({ sessionId: `s-${at}`, token: 't' })),
          seconds,
          eventsEach: EVENTS_EACH,
        });
      await ours(SECONDS); // warm: compiled code, grown files
      await yardstick(SECONDS);
      const results: { ours: LoadResult[]; bare: LoadResult[] } = { ours: [], bare: [] };
      for (let round = 0; round < ROUNDS; round += 1) {
        results.bare.push(await yardstick(SECONDS));
        results.ours.push(await ours(SECONDS));
      }
      const of = (side: LoadResult[], what: keyof LoadResult): number => median(side.map((result) => result[what]));
      return [
        {
          what: `HTTP ingest, batches of ${EVENTS_EACH}, ${CONNECTIONS} connections`,
          measured: of(results.ours, 'requestsPerSecond'),
          unit: 'requests/s',
          yardsticks: [
            {
              name: 'bare Fastify, same body and answer, nothing kept',
              measured: of(results.bare, 'requestsPerSecond'),
              goal: 0.5,
            },
          ],
        },
        {
          what: `the same, p99 of an answer with the server saturated`,
          measured: of(results.ours, 'p99Ms'),
          unit: 'ms',
          yardsticks: [],
        },
      ];
    } finally {
      bare.kill();
      await server.stop();
      await endAll();
    }
  },
};

export const httpIngestBenches: readonly Bench[] = [ingest];
