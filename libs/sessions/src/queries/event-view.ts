import { type Fact, parseStream } from '#event-sourcing';
import type { ActivityData } from '../activity.events.js';
import { isActivityType } from '../activity.types.js';

/** An event of a session as callers see it. */
export interface EventView {
  /** The caller's own id where it gave one. */
  readonly id: string;
  readonly sessionId: string;
  readonly seq: number;
  /** Its place in the whole log: an opaque cursor. */
  readonly globalSeq: string;
  readonly type: string;
  readonly v: number;
  /** Null for facts of the session's life, which belong to no phase. */
  readonly phase: 'setup' | 'task' | null;
  readonly phaseIndex: number | null;
  readonly timestampMs: number;
  readonly createdAt: string;
  readonly via: string;
  readonly data: object;
  readonly late?: true;
  readonly outOfPhase?: true;
  readonly note?: string;
  readonly claim?: true;
  readonly erased?: true;
}

export type CursorOf = (position: bigint) => string;

export const eventView = (fact: Fact, cursorOf: CursorOf): EventView => {
  const envelope = {
    sessionId: parseStream(fact.stream).id,
    seq: fact.revision,
    globalSeq: cursorOf(fact.position),
    type: fact.type,
    v: fact.metadata.v,
    createdAt: fact.metadata.recordedAt,
    ...(fact.erased ? { erased: true as const } : {}),
  };
  if (!isActivityType(fact.type))
    return {
      id: fact.id,
      ...envelope,
      phase: null,
      phaseIndex: null,
      timestampMs: Date.parse(fact.metadata.recordedAt),
      via: fact.metadata.actor.via,
      data: fact.data,
    };
  const { callerId, body, phase, phaseIndex, timestampMs, via, late, outOfPhase, note, claim } =
    fact.data as ActivityData;
  return {
    id: callerId ?? fact.id,
    ...envelope,
    phase,
    phaseIndex,
    timestampMs,
    via,
    data: body ?? {},
    ...(late ? { late } : {}),
    ...(outOfPhase ? { outOfPhase } : {}),
    ...(note ? { note } : {}),
    ...(claim ? { claim } : {}),
  };
};
