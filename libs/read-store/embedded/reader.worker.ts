import { openDatabase, serveWorker } from '#platform/sqlite/index.js';
import { CACHE_MIB } from './open-file.js';
import { readMethods } from './read-methods.js';

serveWorker<{ path: string }>(({ path }) => {
  const database = openDatabase(path, { synchronous: 'NORMAL', readOnly: true, cacheMiB: CACHE_MIB });
  return { methods: readMethods(database), close: () => database.close() };
});
