import { join } from 'node:path';
import { maskedUrl, type StoreUrl, type VerbatimConfig } from '#platform';
import type { StoreName } from './store-trouble.js';

/** Where each store is, as it may be shown. */
export function placesOf({ stores, dataDir }: VerbatimConfig): Readonly<Record<StoreName, string>> {
  const place = (store: StoreUrl, file: string): string =>
    store.kind === 'embedded' ? join(dataDir, file) : maskedUrl(store.url);
  return {
    eventLog: place(stores.eventStore, 'log.db'),
    operations: place(stores.opsStore, 'ops.db'),
    readModels: place(stores.readStore, 'read-models.db'),
    consumerGroups: place(stores.eventStore, 'consumers.db'),
  };
}
