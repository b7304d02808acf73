import type { EventDefinition, StructureKind } from '#event-sourcing';
import {
  ACTIVITIES,
  ACTIVITY_TYPES,
  type ActivityTypeName,
  type Phase,
  type ServerActivityType,
} from './activity.types.js';
import type { SubmittedDeliverable } from './session.plan.js';

/** Which door an event came by (D41). */
export type Via = 'candidate' | 'runtime' | 'system' | 'reviewer';
export type SubmitTrigger = 'candidate' | 'timer' | 'due_date';

/** What every activity event stores; `body` is the caller's own `data`, unknown fields and all. */
export interface ActivityData<Body extends object = Readonly<Record<string, unknown>>> {
  /** The caller's id, the dedupe key; null for what the server made, which is known by its stored id. */
  readonly callerId: string | null;
  /** When it happened by the client's clock; by the server's for what the server made. */
  readonly timestampMs: number;
  readonly phase: Phase;
  readonly phaseIndex: number;
  /** Its place among the session's activities, from 0: what A6 pages by. */
  readonly ordinal: number;
  readonly via: Via;
  /** Arrived within 30 s after the session had closed: shown, counted in no metric or score. */
  readonly late?: true;
  readonly outOfPhase?: true;
  /** Why it is out of phase. */
  readonly note?: 'belongs_to_setup' | 'belongs_to_task';
  /** What the AI did, as told by the candidate's own client: scorers see that nobody else vouches for it. */
  readonly claim?: true;
  readonly body: Body;
}

export interface TaskSubmitted {
  readonly trigger: SubmitTrigger;
  /** The deliverable of each phase that saved one, in order of phases. */
  readonly artifacts: readonly SubmittedDeliverable[];
  readonly snapshotId: string;
  readonly elapsedMs: number;
}

export type ExpiredScope = 'setup' | 'phase' | 'task' | 'due_date';

export interface TimeExpired {
  readonly scope: ExpiredScope;
  readonly phaseIndex: number;
  readonly deadlineAt: string;
  readonly autoSubmitted: boolean;
}

export interface PhaseAdvanced {
  readonly fromPhaseIndex: number;
  readonly toPhaseIndex: number;
  readonly trigger: 'candidate' | 'timer';
  readonly artifactId: string | null;
  readonly deliverableSha256: string | null;
  /** What the client said was left on its timer; null when it said nothing. */
  readonly timeRemainingReportedS: number | null;
  readonly timeRemainingServerS: number;
  /** When the timer of the new phase ends. */
  readonly deadlineAt: string;
}

type CallerActivityEvent = {
  [Type in Exclude<ActivityTypeName, ServerActivityType>]: { readonly type: Type; readonly data: ActivityData };
}[Exclude<ActivityTypeName, ServerActivityType>];

/** One of the 33. */
export type ActivityEvent =
  | CallerActivityEvent
  | { readonly type: 'task_submitted'; readonly data: ActivityData<TaskSubmitted> }
  | { readonly type: 'time_expired'; readonly data: ActivityData<TimeExpired> }
  | { readonly type: 'phase_advanced'; readonly data: ActivityData<PhaseAdvanced> };

const ENVELOPE: Readonly<Record<string, StructureKind>> = {
  timestampMs: 'number',
  phase: 'word',
  phaseIndex: 'number',
  ordinal: 'number',
  via: 'word',
  late: 'boolean',
  outOfPhase: 'boolean',
  note: 'word',
  claim: 'boolean',
};

const prefixed = (body: Readonly<Record<string, StructureKind>>): Record<string, StructureKind> =>
  Object.fromEntries(Object.entries(body).map(([path, kind]) => [`body.${path}`, kind]));

export const activityEvents: readonly EventDefinition<ActivityTypeName, ActivityData>[] = ACTIVITY_TYPES.map(
  (type) => ({
    type,
    version: 1,
    layer: 'activity',
    meaning: ACTIVITIES[type].meaning,
    structure: { ...ENVELOPE, ...prefixed(ACTIVITIES[type].body) },
  }),
);
