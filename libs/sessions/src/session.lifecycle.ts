import { VerbatimError } from '#platform';

/** The seven statuses, in the order of a session's life. */
export const SESSION_STATUSES = [
  'invited',
  'setup',
  'in_progress',
  'submitted',
  'scoring',
  'scored',
  'reviewed',
] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];

/** Every change of status there is; everything else is refused. */
export const TRANSITIONS = {
  invited: ['setup'],
  /** The candidate starts, or the setup timer ends. */
  setup: ['in_progress'],
  /** The candidate submits, or a timer or the due date does. */
  in_progress: ['submitted'],
  /** Back to in_progress by reopening alone, here and below. */
  submitted: ['scoring', 'in_progress'],
  /** Back to submitted when the scorer failed. */
  scoring: ['scored', 'submitted', 'in_progress'],
  /** To scoring: scored again. */
  scored: ['reviewed', 'scoring', 'in_progress'],
  reviewed: [],
} as const satisfies Record<SessionStatus, readonly SessionStatus[]>;

export const mayPass = (from: SessionStatus, to: SessionStatus): boolean =>
  (TRANSITIONS[from] as readonly SessionStatus[]).includes(to);

/** 409 with what would be allowed from here. `to` may be a word that is no status: a cancelled session keeps its own. */
export const refusedTransition = (
  from: SessionStatus,
  to: SessionStatus | 'cancelled',
  why: string,
  more: Readonly<Record<string, unknown>> = {},
): VerbatimError =>
  new VerbatimError('invalid_status_transition', why, {
    details: { from, to, allowed: TRANSITIONS[from], ...more },
  });
