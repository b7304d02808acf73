import { openDatabase, serveWorker } from '#platform/sqlite/index.js';
import { groupMethods, prepareTables } from './group-file.js';

serveWorker(({ path }: { path: string }) => {
  const database = openDatabase(path, { synchronous: 'FULL' });
  try {
    prepareTables(database);
  } catch (error) {
    database.close();
    throw error;
  }
  return { methods: groupMethods(database), close: () => database.close() };
});
