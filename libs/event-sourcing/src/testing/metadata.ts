import type { Actor, FactMetadata } from '../facts.js';

export const systemActor: Actor = { kind: 'system', id: 'spec', via: 'system' };

/** Of an event that a spec writes by itself, without a command. */
export const metadataOf = (recordedAt = '2026-01-01T00:00:00.000Z', actor: Actor = systemActor): FactMetadata => ({
  v: 1,
  recordedAt,
  commandId: 'spec',
  correlationId: 'spec',
  causationId: null,
  actor,
});
