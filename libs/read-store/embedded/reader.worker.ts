import { openDatabase, serveWorker } from '#platform/sqlite/index.js';
import { readMethods } from './read-methods.js';

serveWorker<{ path: string }>(({ path }) => {
  const database = openDatabase(path, { synchronous: 'NORMAL', readOnly: true });
  return { methods: readMethods(database), close: () => database.close() };
});
