import { TestServer } from '#platform/mongodb/testing/test-server.js';
import type { ReadStore } from '#read-store';
import { EmbeddedReadStore } from '../../embedded/index.js';
import { MongoReadStore } from '../../mongodb/index.js';
import { ThroughStore } from './through-store.js';

export interface OpenedStore {
  readonly store: ReadStore;
  /** The same, as a second process has it. */
  readonly contender: ReadStore;
  dispose(): Promise<void>;
}

export interface Engine {
  readonly engine: string;
  /** How many runs of a property are worth their time. */
  readonly numRuns: number;
  open(): Promise<OpenedStore>;
}

const embedded: Engine = {
  engine: 'SQLite',
  numRuns: 40,
  open: async () => {
    const store = await EmbeddedReadStore.open({ directory: ':memory:' });
    return { store, contender: store, dispose: () => store.close() };
  },
};

const mongo = (server: TestServer): Engine => ({
  engine: 'MongoDB',
  numRuns: 6,
  open: async () => {
    const database = server.database();
    const opened = [1, 2].map(() => MongoReadStore.open({ url: database.url }));
    let [store, contender]: ReadStore[] = await Promise.all(opened);
    if (!(await server.hasAtomicUpdates())) {
      const gate = new Gate();
      store = new OneCommitAtATime(store!, gate);
      contender = new OneCommitAtATime(contender!, gate);
    }
    const dispose = async () => {
      await store!.close();
      await contender!.close();
      await database.drop();
    };
    return { store: store!, contender: contender!, dispose };
  },
});

/** The runner is the same on each; which engines there are says `TEST_MONGODB_URL`. */
export const engines: readonly Engine[] = [
  embedded,
  ...(process.env['TEST_MONGODB_URL'] ? [mongo(new TestServer(process.env['TEST_MONGODB_URL']))] : []),
];

class Gate {
  private last: Promise<unknown> = Promise.resolve();

  pass<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.last.catch(() => {}).then(work);
    this.last = done;
    return done;
  }
}

/** Two projectors come between each other in any order, but their writes do not overlap: FerretDB could not tell them apart. */
class OneCommitAtATime extends ThroughStore {
  constructor(
    real: ReadStore,
    private readonly gate: Gate,
  ) {
    super(real);
  }

  override commit(...args: Parameters<ReadStore['commit']>): Promise<void> {
    return this.gate.pass(() => super.commit(...args));
  }
}
