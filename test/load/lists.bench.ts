import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isoTime } from '#platform';
import { defineCollection, type Filter, type ReadStore } from '#read-store';
import { EmbeddedReadStore } from '#read-store/embedded/index.js';
import { ProjectedReadModels, ProjectionBoard } from '#read-store/runner/index.js';
import { type Bench, type BenchResult, inDirectory, perSecond, sideBySide } from './bench.js';

const SESSIONS = 1_000_000;
const ROUNDS = 5;
export const BUILD = { name: 'sessions', version: 1, build: 1 };
const STATUSES = ['invited', 'setup', 'in_progress', 'submitted', 'reviewed'] as const;
const START = Date.parse('2026-01-05T09:00:00.000Z');

/** As the room of sessions declares its list. */
export const sessions = defineCollection<{ readonly createdAt: string }>({
  name: 'sessions',
  fields: { orgId: 'text', assessmentId: 'text', candidateId: 'text', status: 'text', createdAt: 'time' },
  indexes: [
    ['orgId', 'createdAt'],
    ['orgId', 'status', 'createdAt'],
    ['orgId', 'assessmentId', 'createdAt'],
    ['orgId', 'candidateId', 'createdAt'],
  ],
});

const entry = (number: number) => ({
  orgId: 'bench',
  assessmentId: `assessment-${number % 200}`,
  candidateId: `candidate-${number % 70_000}`,
  attempt: 1,
  status: STATUSES[number % STATUSES.length]!,
  createdAt: isoTime(START + ((number * 7_919) % SESSIONS) * 1_000),
  setupStartedAt: isoTime(START),
  taskStartedAt: isoTime(START),
  submittedAt: null,
  dueDate: isoTime(START + 864e5),
  closedReason: null,
});

export const fill = async (store: ReadStore, count = SESSIONS): Promise<void> => {
  await store.prepare(BUILD, [sessions]);
  for (let first = 0; first < count; first += 2_000) {
    const writes = Array.from({ length: 2_000 }, (_, index) => ({
      collection: 'sessions',
      id: `session-${String(((first + index) * 104_729) % 10_000_000).padStart(8, '0')}-${first + index}`,
      position: BigInt(first + index + 1),
      expected: null,
      body: entry(first + index),
    }));
    await store.commit(BUILD, writes, BigInt(first + 2_000));
  }
};

interface Asked {
  readonly what: string;
  readonly filter: Filter;
  readonly where: string;
  readonly repeats: number;
}

const LISTS: readonly Asked[] = [
  { what: 'all', filter: { orgId: 'bench' }, where: `"orgId" = 'bench'`, repeats: 20 },
  {
    what: 'of one status',
    filter: { orgId: 'bench', status: 'submitted' },
    where: `"orgId" = 'bench' AND "status" = 'submitted'`,
    repeats: 50,
  },
  {
    what: 'of one assessment',
    filter: { orgId: 'bench', assessmentId: 'assessment-7' },
    where: `"orgId" = 'bench' AND "assessmentId" = 'assessment-7'`,
    repeats: 300,
  },
];

/** The same rows and the same count on the same file, in this thread, by hand. */
const bareList = (db: DatabaseSync, where: string): (() => number) => {
  const table = '"sessions.sessions.1.1"';
  const page = db.prepare(
    `SELECT _id, _body FROM ${table} WHERE _gone = 0 AND ${where} ORDER BY "createdAt" DESC, _id DESC LIMIT 50`,
  );
  const count = db.prepare(`SELECT count(*) AS total FROM ${table} WHERE _gone = 0 AND ${where}`);
  return () => {
    for (const row of page.all()) JSON.parse(row['_body'] as string);
    return (count.get() as { total: number }).total;
  };
};

const lists: Bench = {
  name: 'lists: 1,000,000 sessions with filter and total',
  run: () =>
    inDirectory(async (directory): Promise<BenchResult[]> => {
      const store = await EmbeddedReadStore.open({ directory });
      await fill(store);
      const board = new ProjectionBoard();
      const [stored] = await store.builds();
      board.report({ ...stored!, state: 'live', position: stored!.checkpoint });
      const projections = [{ name: 'sessions', version: stored!.version, collections: [sessions] }];
      const models = new ProjectedReadModels(store, board, { projections, acknowledged: () => 0n });
      const db = new DatabaseSync(join(directory, 'read-models.db'), { readOnly: true });
      db.exec('PRAGMA cache_size = -65536'); // as ours
      const results: BenchResult[] = [];
      for (const { what, filter, where, repeats } of LISTS) {
        const bare = bareList(db, where);
        const ours = async (): Promise<number> =>
          (await models.page(sessions, { filter, sort: [['createdAt', 'desc']], limit: 50 })).total;
        if ((await ours()) !== bare()) throw new Error(`Both count other sessions (${what}).`);
        const measured = await sideBySide(
          ROUNDS,
          () => perSecond(repeats, () => times(repeats, ours)),
          () => perSecond(repeats, () => times(repeats, bare)),
        );
        results.push({
          what: `list of 50 with total in 1,000,000 sessions, ${what}`,
          measured: measured.ours,
          unit: 'lists/s',
          yardsticks: [{ name: 'bare SQL on the same file', measured: measured.bare, goal: 0.5 }],
        });
      }
      db.close();
      await store.close();
      return results;
    }),
};

const times = async (count: number, work: () => Promise<number> | number): Promise<void> => {
  for (let index = 0; index < count; index += 1) await work();
};

export const listBenches: readonly Bench[] = [lists];
