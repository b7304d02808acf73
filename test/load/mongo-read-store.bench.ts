import { cohortsProjections } from '#cohorts';
import { TestServer } from '#platform/mongodb/testing/test-server.js';
import type { ReadStore } from '#read-store';
import { MongoReadStore } from '#read-store/mongodb/index.js';
import { sessionsProjections } from '#sessions';
import type { Bench, BenchResult } from './bench.js';
import { perSecond } from './bench.js';
import { measureCohorts } from './cohorts.bench.js';
import { BUILD, fill, sessions } from './lists.bench.js';
import { onLog, rebuild } from './projecting.bench.js';

const url = process.env['TEST_MONGODB_URL'];
const LISTED = 10_000;
const LISTS = 20;

const inStore = async <Result>(server: TestServer, work: (store: ReadStore) => Promise<Result>): Promise<Result> => {
  const database = server.database();
  const store = await MongoReadStore.open({ url: database.url });
  try {
    return await work(store);
  } finally {
    await store.close();
    await database.drop();
  }
};

/** Figures of whatever server is given, to be read with its name beside them: FerretDB is no yardstick of MongoDB. */
const on = (server: TestServer, kind: string): readonly Bench[] => [
  {
    name: 'read models in MongoDB: projecting',
    run: () =>
      onLog(150, 96, async (ground) => {
        const rate = async (projections: typeof sessionsProjections): Promise<number> => {
          const database = server.database();
          const measured = await rebuild(ground, projections, () => MongoReadStore.open({ url: database.url }));
          await database.drop();
          return measured;
        };
        const row = (what: string, measured: number): BenchResult => ({
          what: `rebuild, 150 sessions of 100 events, ${what}, ${kind}`,
          measured,
          unit: 'events/s',
          yardsticks: [],
        });
        return [
          row('lists alone', await rate(sessionsProjections)),
          row('lists and metrics', await rate([...sessionsProjections, ...cohortsProjections])),
        ];
      }),
  },
  {
    name: 'read models in MongoDB: lists',
    run: () =>
      inStore(server, async (store) => {
        await fill(store, LISTED);
        const results: BenchResult[] = [];
        const asked = { all: {}, 'of one assessment': { assessmentId: 'assessment-7' } };
        for (const [what, filter] of Object.entries(asked)) {
          const query = { filter: { orgId: 'bench', ...filter }, sort: [['createdAt', 'desc']], limit: 50 } as const;
          const measured = await perSecond(LISTS, async () => {
            for (let nth = 0; nth < LISTS; nth += 1) await store.page(BUILD, sessions, query);
          });
          const title = `list of 50 with total in ${LISTED.toLocaleString('en-US')} sessions, ${what}, ${kind}`;
          results.push({ what: title, measured, unit: 'lists/s', yardsticks: [] });
        }
        return results;
      }),
  },
  {
    name: 'read models in MongoDB: cohort-stats',
    run: () => measureCohorts([100, 1_000], 20, `, ${kind}`, (work) => inStore(server, work)),
  },
];

/** None without a server. */
export const mongoReadStoreBenches: readonly Bench[] = url
  ? on(new TestServer(url), await new TestServer(url).kind())
  : [];
