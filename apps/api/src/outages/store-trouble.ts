import { isEventStoreError } from '#event-store';
import { isVerbatimError } from '#platform';
import { ReadStoreError } from '#read-store';

/** Consumer groups only where they have a file of their own, beside the log. */
export type StoreName = 'eventLog' | 'operations' | 'readModels' | 'consumerGroups';

export interface StoreTrouble {
  readonly store: StoreName;
  /** For operators: it may name addresses. */
  readonly reason: string;
}

/** What an error says of a store that cannot be used now, also as a cause; undefined when it says anything else. */
export function troubleOf(error: unknown): StoreTrouble | undefined {
  if (!(error instanceof Error)) return undefined;
  if (isEventStoreError(error, 'unavailable', 'unknown_outcome'))
    return { store: error.details['file'] ? 'consumerGroups' : 'eventLog', reason: sentence(error.message) };
  if (error instanceof ReadStoreError && error.code === 'unavailable')
    return { store: 'readModels', reason: sentence(error.message) };
  const beneath = error instanceof AggregateError ? ofAll(error.errors) : troubleOf(error.cause);
  if (beneath || !isVerbatimError(error, 'storage_unavailable')) return beneath;
  if (error.details?.['store'] !== 'operational') return undefined;
  const { cause } = error;
  return { store: 'operations', reason: sentence(cause instanceof Error ? cause.message : error.message) };
}

const ofAll = (errors: readonly unknown[]): StoreTrouble | undefined => {
  const troubles = errors.map(troubleOf);
  return troubles.includes(undefined) ? undefined : troubles[0];
};

const sentence = (text: string): string => text.trim().replace(/\.*$/, '.');
