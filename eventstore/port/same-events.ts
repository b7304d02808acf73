import type { EventData, RecordedEvent } from './event-store.js';

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

const isSame = (stored: RecordedEvent | undefined, { id, type, contentType, data, metadata }: EventData): boolean =>
  stored?.id === id &&
  stored.type === type &&
  stored.contentType === contentType &&
  sameBytes(stored.data, data) &&
  sameBytes(stored.metadata, metadata);

/** Event for event and byte for byte. Ids alone can be another process's, which decided otherwise under the same command. */
export const areSameEvents = (stored: readonly RecordedEvent[], events: readonly EventData[]): boolean =>
  stored.length === events.length && events.every((event, index) => isSame(stored[index], event));
