export { inTransaction, type OpenOptions, openDatabase, Statements, truncateWal } from './database.js';
export { type SqliteFault, sqliteFault } from './errors.js';
export { WorkerClient, type WorkerMethods, type WorkerOptions } from './worker-client.js';
export { serveWorker } from './worker-server.js';
export { WorkerGoneError } from './worker-thread.js';
