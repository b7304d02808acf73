import type { ConsumerGroups, EventStore } from '#event-store';
import type { OpsStore } from '#ops-store';
import { SystemClock, type VerbatimConfig } from '#platform';
import type { ReadStore } from '#read-store';
import { openedAt } from './shared-store.js';

/** The three homes for state. */
export interface Engines {
  readonly log: EventStore;
  readonly groups: ConsumerGroups;
  readonly ops: OpsStore;
  readonly readStore: ReadStore;
  /** Last of all in a drain. */
  close(): Promise<void>;
}

/** `error` where there was one. */
type Report = (notice: string, error?: unknown) => void;
/** Closed in the opposite order. */
type Keep = <T extends { close(): Promise<void> }>(opening: Promise<T>) => Promise<T>;

/**
 * The one place where implementations are chosen, by URL; what is not chosen is not even loaded. The log comes first: on the
 * embedded engine its lock keeps a second process out of the data directory before anything else of it is touched.
 */
export async function openEngines(config: VerbatimConfig, report: Report): Promise<Engines> {
  const opened: { close(): Promise<void> }[] = [];
  const keep: Keep = async (opening) => {
    const store = await opening;
    opened.unshift(store);
    return store;
  };
  const close = async (): Promise<void> => {
    for (const store of opened.splice(0)) await store.close();
  };
  try {
    const { log, groups } = await openEventStore(config, report, keep);
    const ops = await keep(openOpsStore(config, report));
    const readStore = await keep(openReadStore(config, report));
    return { log, groups, ops, readStore, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The log, and the competing consumers over it. */
async function openEventStore(
  { stores, dataDir, maxPageCount, clockOffsetMs }: VerbatimConfig,
  notice: Report,
  keep: Keep,
): Promise<Pick<Engines, 'log' | 'groups'>> {
  const report = (error: unknown): void => notice('The event log rides out trouble.', error);
  if (stores.eventStore.kind === 'embedded') {
    const { openEmbeddedConsumerGroups, openEmbeddedEventStore } = await import('#event-store/embedded/index.js');
    const room = maxPageCount === undefined ? {} : { maxPageCount };
    const log = await keep(openEmbeddedEventStore({ directory: dataDir, report, ...room }));
    const clock = new SystemClock(clockOffsetMs);
    return { log, groups: await keep(openEmbeddedConsumerGroups({ directory: dataDir, log, clock, report })) };
  }
  const { openEventStoreDb } = await import('#event-store/eventstoredb/index.js');
  const { eventStore } = stores;
  const log = await keep(openedAt(eventStore, 'event log', openEventStoreDb({ url: eventStore.url, report })));
  return { log, groups: await keep(Promise.resolve(log.consumerGroups())) };
}

async function openOpsStore({ stores, dataDir, secret }: VerbatimConfig, notice: Report): Promise<OpsStore> {
  if (stores.opsStore.kind === 'embedded') {
    const { EmbeddedOpsStore } = await import('#ops-store/embedded/index.js');
    const report = (error: unknown): void => notice('The operational store rides out trouble.', error);
    return EmbeddedOpsStore.open({ dataDir, secret, report });
  }
  const { MongoOpsStore } = await import('#ops-store/mongodb/index.js');
  const { opsStore } = stores;
  return openedAt(opsStore, 'operational store', MongoOpsStore.open({ url: opsStore.url, secret }));
}

async function openReadStore({ stores, dataDir }: VerbatimConfig, report: Report): Promise<ReadStore> {
  if (stores.readStore.kind === 'embedded') {
    const { EmbeddedReadStore } = await import('#read-store/embedded/index.js');
    return EmbeddedReadStore.open({ directory: dataDir, report });
  }
  const { MongoReadStore } = await import('#read-store/mongodb/index.js');
  const { readStore } = stores;
  return openedAt(readStore, 'read models', MongoReadStore.open({ url: readStore.url }));
}
