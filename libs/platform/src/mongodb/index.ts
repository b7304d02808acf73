export { hasCode, isDuplicate, MongoUnavailable, onlyDuplicates, unavailableReason } from './failures.js';
export { MongoConnection, type MongoConnectionOptions } from './mongo-connection.js';
