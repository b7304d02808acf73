import { type Fact, type LogCursors, parseStream } from '#event-sourcing';
import type { ActivityData } from './activity.events.js';
import { isActivityType } from './activity.types.js';

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
  /** Its session is being deleted: only structure is left. */
  readonly erased?: true;
}

export const eventView = (fact: Fact, cursors: LogCursors): EventView => {
  const common = {
    sessionId: parseStream(fact.stream).id,
    seq: fact.revision,
    globalSeq: cursors.encode(fact.position),
    type: fact.type,
    v: fact.metadata.v,
    createdAt: fact.metadata.recordedAt,
    ...(fact.erased ? { erased: true as const } : {}),
  };
  return isActivityType(fact.type)
    ? activityView(fact, common)
    : {
        id: fact.id,
        ...common,
        phase: null,
        phaseIndex: null,
        timestampMs: happenedAt(fact),
        via: fact.metadata.actor.via,
        data: fact.data,
      };
};

type Common = Pick<EventView, 'sessionId' | 'seq' | 'globalSeq' | 'type' | 'v' | 'createdAt' | 'erased'>;

const activityView = (fact: Fact, common: Common): EventView => {
  // An erased event may lack its body and the caller's id.
  const { callerId, body, phase, phaseIndex, timestampMs, via, late, outOfPhase, note, claim } =
    fact.data as Partial<ActivityData>;
  return {
    id: callerId ?? fact.id,
    ...common,
    phase: phase ?? null,
    phaseIndex: phaseIndex ?? null,
    timestampMs: timestampMs ?? Date.parse(fact.metadata.recordedAt),
    via: via ?? fact.metadata.actor.via,
    data: body ?? {},
    ...(late ? { late } : {}),
    ...(outOfPhase ? { outOfPhase } : {}),
    ...(note ? { note } : {}),
    ...(claim ? { claim } : {}),
  };
};

/** Where each lifecycle fact says when it happened: what the clock did is written later than its deadline. */
const MOMENTS = [
  'startedAt',
  'savedAt',
  'cancelledAt',
  'reopenedAt',
  'deletedAt',
  'at',
  'requestedAt',
  'dueAt',
  'scoredAt',
  'failedAt',
  'parkedAt',
  'reviewedAt',
  'decidedAt',
] as const;

const happenedAt = (fact: Fact): number => {
  const data = fact.data as Partial<Record<(typeof MOMENTS)[number], unknown>>;
  const said = MOMENTS.map((name) => data[name]).find((value) => typeof value === 'string');
  return Date.parse(said ?? fact.metadata.recordedAt);
};
