export { WrongSecretError } from '../sealed/master-keys.js';
export { EmbeddedOpsStore, type EmbeddedOpsStoreOptions } from './embedded-ops-store.js';
