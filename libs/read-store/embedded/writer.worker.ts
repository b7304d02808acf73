import { serveWorker } from '#platform/sqlite/index.js';
import { openReadModels, reopenReadModels } from './open-file.js';
import { type ReadMethods, readMethods } from './read-methods.js';
import { WriteMethods } from './write-methods.js';

serveWorker<{ path: string; isSuccessor: boolean }>(({ path, isSuccessor }) => {
  const { database, notices } = isSuccessor ? reopenReadModels(path) : openReadModels(path);
  const writes = new WriteMethods(database);
  const methods: WriterMethods = {
    // A database in memory has no second connection: its reads are served here.
    ...readMethods(database),
    notices: () => notices,
    prepare: (build, collections) => writes.prepare(build, collections),
    builds: () => writes.builds(),
    setState: (build, state, reason) => writes.setState(build, state, reason),
    load: (build, collection, ids) => writes.load(build, collection, ids),
    commit: (build, tables, checkpoint) => writes.commit(build, tables, checkpoint),
    quarantine: (build, entry) => writes.quarantine(build, entry),
    quarantined: (build) => writes.quarantined(build),
    dropStep: (build) => writes.dropStep(build),
    purge: () => writes.purge(),
  };
  return { methods, close: () => database.close() };
});

export type WriterMethods = ReadMethods &
  Pick<
    WriteMethods,
    'prepare' | 'builds' | 'setState' | 'load' | 'commit' | 'quarantine' | 'quarantined' | 'dropStep' | 'purge'
  > & { notices(): readonly string[] };
