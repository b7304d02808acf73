import type { Decided, FactMetadata } from '#event-sourcing';
import { isoTime } from '#platform';
import type { ActivityData, PhaseAdvanced, SessionEvent, TaskSubmitted, TimeExpired, Via } from '../session.events.js';
import { evolve } from '../session.evolve.js';
import type { SessionState } from '../session.state.js';

interface ServerBodies {
  task_submitted: TaskSubmitted;
  time_expired: TimeExpired;
  phase_advanced: PhaseAdvanced;
  security_flag: Readonly<Record<string, unknown>>;
}

/** Until the event is written, its id is one that no caller can have. */
const NO_ID = '';

const provisional = (now: number): FactMetadata => ({
  v: 1,
  recordedAt: isoTime(now),
  commandId: '',
  correlationId: '',
  causationId: null,
  actor: { kind: 'system', id: '', via: 'system' },
});

/** A decision in the making: its events so far, and the session as it will be once they stand. */
export class Unfolding {
  readonly events: Decided<SessionEvent>[] = [];

  constructor(
    public state: SessionState,
    readonly now: number,
  ) {}

  append(event: Decided<SessionEvent>): void {
    this.events.push(event);
    this.state = evolve(this.state, {
      ...event,
      id: event.id ?? NO_ID,
      revision: this.state.revision + 1,
      metadata: provisional(this.now),
    });
  }

  /** An activity that this server makes, at `at` by its own clock. */
  appendActivity<Type extends keyof ServerBodies>(type: Type, at: number, via: Via, body: ServerBodies[Type]): void {
    const { phaseIndex, activities, taskStartedAt } = this.state;
    const data: ActivityData<ServerBodies[Type]> = {
      callerId: null,
      timestampMs: at,
      phase: taskStartedAt === null ? 'setup' : 'task',
      phaseIndex,
      ordinal: activities.length,
      via,
      body,
    };
    this.append({ type, data } as SessionEvent);
  }
}

/** Commands may be received in another order than they are handled: what begins now never began before what came before it. */
export const notBeforeStart = (state: SessionState, now: number): number =>
  Math.max(now, state.phaseStartedAt ?? state.setupStartedAt ?? now);
