export { inTransaction, type OpenOptions, openDatabase, Statements, truncateWal } from './database.js';
export { type SqliteFault, sqliteFault } from './errors.js';
export { WorkerClient, WorkerGoneError, type WorkerMethods } from './worker-client.js';
export { serveWorker } from './worker-server.js';
