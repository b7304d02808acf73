export { WrongSecretError } from '../sealed/master-keys.js';
export { MongoOpsStore, type MongoOpsStoreOptions } from './mongo-ops-store.js';
