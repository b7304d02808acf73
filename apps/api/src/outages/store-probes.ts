import { type ConsumerGroups, type EventStore, isEventStoreError } from '#event-store';
import type { OpsStore } from '#ops-store';
import type { ReadStore } from '#read-store';
import type { StoreName } from './store-trouble.js';

export interface ProbedStores {
  readonly log: EventStore;
  readonly groups: ConsumerGroups;
  readonly ops: OpsStore;
  readonly readStore: ReadStore;
}

export type StoreProbes = Readonly<Record<StoreName, () => Promise<unknown>>>;

const DEADLINE_MS = 2_000;
/** Holds nothing and never will. */
const PROBE_STREAM = 'health-probe';
const PROBE_ID = '00000000-0000-4000-8000-000000000000';

/** The least that shows whether a store can be used. */
export const probesOf = ({ log, groups, ops, readStore }: ProbedStores): StoreProbes => ({
  eventLog: () => tryAppend(log),
  operations: () => ops.leases.acquire('health', 'health', 1_000),
  readModels: () => readStore.builds(),
  consumerGroups: () => groups.status('health-probe'),
});

/** An append that must conflict goes all the way through the writer and leaves nothing in the log. */
async function tryAppend(log: EventStore): Promise<void> {
  const nothing = new Uint8Array();
  const event = { id: PROBE_ID, type: 'probe', contentType: 'application/octet-stream' } as const;
  try {
    await log.append(PROBE_STREAM, 0n, [{ ...event, data: nothing, metadata: nothing }]);
  } catch (error) {
    if (!isEventStoreError(error, 'wrong_expected_revision')) throw error;
  }
}

export const isWell = (probe: () => Promise<unknown>): Promise<boolean> =>
  inTime(probe()).then(
    () => true,
    () => false,
  );

export async function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('No answer in time.')), DEADLINE_MS);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}
