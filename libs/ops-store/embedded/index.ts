export { EmbeddedOpsStore, type EmbeddedOpsStoreOptions } from './embedded-ops-store.js';
export { WrongSecretError } from './master-keys.js';
