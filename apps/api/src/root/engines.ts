import type { EventStore } from '#event-store';
import { openEmbeddedEventStore } from '#event-store/embedded/index.js';
import type { OpsStore } from '#ops-store';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { SettingError, type VerbatimConfig } from '#platform';
import type { ReadStore } from '#read-store';
import { EmbeddedReadStore } from '#read-store/embedded/index.js';

/** The three homes for state. */
export interface Engines {
  readonly log: EventStore;
  readonly ops: OpsStore;
  readonly readStore: ReadStore;
  /** Last of all in a drain. */
  close(): Promise<void>;
}

/**
 * The one place where implementations are chosen, by URL (only `sqlite:` so far: the configuration refuses others). The
 * log comes first: its lock keeps a second process out of the data directory before anything else of it is touched.
 */
export async function openEngines(config: VerbatimConfig, report: (notice: string) => void): Promise<Engines> {
  const opened: { close(): Promise<void> }[] = [];
  const keep = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const store = await opening;
    opened.unshift(store);
    return store;
  };
  const close = async (): Promise<void> => {
    for (const store of opened.splice(0)) await store.close();
  };
  if (config.stores.eventStore.kind !== 'embedded' || config.stores.readStore.kind !== 'embedded')
    throw new SettingError('VERBATIM_EVENT_STORE_URL', 'and the other stores are sqlite: alone in this version.');
  try {
    const log = await keep(
      openEmbeddedEventStore({
        directory: config.dataDir,
        report: (error) => report(`The event log rides out trouble: ${String(error)}`),
        ...(config.maxPageCount === undefined ? {} : { maxPageCount: config.maxPageCount }),
      }),
    );
    const ops = await keep(EmbeddedOpsStore.open({ dataDir: config.dataDir, secret: config.secret }));
    const readStore = await keep(EmbeddedReadStore.open({ directory: config.dataDir, report }));
    return { log, ops, readStore, close };
  } catch (error) {
    await close();
    throw error;
  }
}
