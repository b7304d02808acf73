import type { EventStore } from '#event-store';
import type { OpsStore } from '#ops-store';
import { SettingError, type VerbatimConfig } from '#platform';
import type { ReadStore } from '#read-store';

/** The three homes for state. */
export interface Engines {
  readonly log: EventStore;
  readonly ops: OpsStore;
  readonly readStore: ReadStore;
  /** Last of all in a drain. */
  close(): Promise<void>;
}

type Report = (notice: string) => void;

/**
 * The one place where implementations are chosen, by URL; what is not chosen is not even loaded. The log comes first: on the
 * embedded engine its lock keeps a second process out of the data directory before anything else of it is touched.
 */
export async function openEngines(config: VerbatimConfig, report: Report): Promise<Engines> {
  const opened: { close(): Promise<void> }[] = [];
  const keep = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const store = await opening;
    opened.unshift(store);
    return store;
  };
  const close = async (): Promise<void> => {
    for (const store of opened.splice(0)) await store.close();
  };
  try {
    const log = await keep(openEventStore(config, report));
    const ops = await keep(openOpsStore(config, report));
    const readStore = await keep(openReadStore(config, report));
    return { log, ops, readStore, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openEventStore({ stores, dataDir, maxPageCount }: VerbatimConfig, notice: Report): Promise<EventStore> {
  const report = (error: unknown): void => notice(`The event log rides out trouble: ${String(error)}`);
  if (stores.eventStore.kind === 'embedded') {
    const { openEmbeddedEventStore } = await import('#event-store/embedded/index.js');
    return openEmbeddedEventStore({
      directory: dataDir,
      report,
      ...(maxPageCount === undefined ? {} : { maxPageCount }),
    });
  }
  throw new SettingError('VERBATIM_EVENT_STORE_URL', 'is sqlite: alone in this version.');
}

async function openOpsStore({ stores, dataDir, secret }: VerbatimConfig, report: Report): Promise<OpsStore> {
  if (stores.opsStore.kind === 'embedded') {
    const { EmbeddedOpsStore } = await import('#ops-store/embedded/index.js');
    return EmbeddedOpsStore.open({ dataDir, secret });
  }
  const { MongoOpsStore } = await import('#ops-store/mongodb/index.js');
  return MongoOpsStore.open({ url: stores.opsStore.url, secret, report });
}

async function openReadStore({ stores, dataDir }: VerbatimConfig, report: Report): Promise<ReadStore> {
  if (stores.readStore.kind === 'embedded') {
    const { EmbeddedReadStore } = await import('#read-store/embedded/index.js');
    return EmbeddedReadStore.open({ directory: dataDir, report });
  }
  const { MongoReadStore } = await import('#read-store/mongodb/index.js');
  return MongoReadStore.open({ url: stores.readStore.url, report });
}
