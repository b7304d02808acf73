import { defineEvent, type EventOf } from '#event-sourcing';
import type { ConfigSnapshot, SessionPlan } from './session.plan.js';

export interface SessionInvited {
  readonly sessionId: string;
  readonly assessmentId: string;
  /** Revision of the assessment this invitation was decided on. */
  readonly assessmentRevision: number;
  readonly candidateId: string;
  /** 1 for a candidate's first attempt at this assessment. */
  readonly attempt: number;
  /** This session's own due date; null inherits the assessment's. */
  readonly dueDate: string | null;
  readonly assessmentDueDate: string | null;
  readonly sendEmail: boolean;
  /** Timings as they stood at the invitation; pinned anew when the candidate opens the session. */
  readonly plan: SessionPlan;
}

export interface InviteDelivered {
  readonly delivered: boolean;
  /** `outbox`: there is no mail server, the mail lies with the operator. */
  readonly channel: 'smtp' | 'outbox';
  readonly messageId: string;
  readonly at: string;
  /** Why it was not delivered. */
  readonly reason: string | null;
}

export interface SetupStarted {
  readonly startedAt: string;
  readonly deadlineAt: string;
  /** Pinned: later edits of the assessment do not reach this session (the due date and added time excepted). */
  readonly plan: SessionPlan;
}

export interface TaskStarted {
  readonly startedAt: string;
  /** `no_setup`: the assessment has no setup phase. */
  readonly trigger: 'candidate' | 'timer' | 'no_setup';
  readonly phaseIndex: number;
  readonly deadlineAt: string;
}

export interface CheckpointSaved {
  readonly phaseIndex: number;
  readonly artifactId: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly savedAt: string;
  /** Came with a submit that lost the race against the clock: kept, no part of the submission. */
  readonly late?: true;
}

export interface DueDateChanged {
  readonly source: 'session' | 'assessment';
  readonly dueDate: string | null;
  readonly assessmentDueDate: string | null;
  /** Revision of the assessment that `assessmentDueDate` was read at. */
  readonly assessmentRevision: number;
  /** When the session ends by it: the effective due date, or the moment of the change when that date had passed. */
  readonly closesAt: string | null;
  /** The setup timer stood still while the due date had passed: where it ends now. */
  readonly setupDeadlineAt?: string;
  readonly by: string;
}

export interface TimeExtended {
  readonly scope: 'setup' | 'phase';
  readonly phaseIndex: number;
  readonly minutes: number;
  /** Where the timer ends now. */
  readonly deadlineAt: string;
  readonly by: string;
  readonly reason: string | null;
}

export interface SessionCancelled {
  readonly cancelledAt: string;
  readonly by: string;
  readonly reason: string;
}

export interface SessionReopened {
  readonly reopenedAt: string;
  readonly phaseIndex: number;
  readonly minutes: number;
  readonly deadlineAt: string;
  /** The session's own due date from here on: moved with the deadline when it would cut it short. */
  readonly dueDate: string | null;
  readonly closesAt: string | null;
  readonly by: string;
  readonly reason: string;
}

export interface SessionDeleted {
  readonly deletedAt: string;
  readonly by: string;
  /** One word: why. */
  readonly reason: string;
}

export const lifecycleEvents = [
  defineEvent<SessionInvited>()({
    type: 'session_invited',
    version: 1,
    layer: 'lifecycle',
    meaning: 'A candidate was invited to one attempt at an assessment: the session exists.',
    structure: {
      sessionId: 'id',
      assessmentId: 'id',
      assessmentRevision: 'number',
      candidateId: 'id',
      attempt: 'number',
      dueDate: 'time',
      assessmentDueDate: 'time',
      sendEmail: 'boolean',
      plan: 'open',
    },
  }),
  defineEvent<InviteDelivered>()({
    type: 'invite_delivered',
    version: 1,
    layer: 'lifecycle',
    meaning: 'The mail with the link was taken over by the mail server or the outbox, or it could not be.',
    structure: { delivered: 'boolean', channel: 'word', messageId: 'id', at: 'time' },
  }),
  defineEvent<SetupStarted>()({
    type: 'setup_started',
    version: 1,
    layer: 'lifecycle',
    meaning: 'The candidate opened the session: phases and minutes are pinned, the setup timer runs.',
    structure: { startedAt: 'time', deadlineAt: 'time', plan: 'open' },
  }),
  defineEvent<TaskStarted>()({
    type: 'task_started',
    version: 1,
    layer: 'lifecycle',
    meaning: 'The task began: the timer of its first phase runs.',
    structure: { startedAt: 'time', trigger: 'word', phaseIndex: 'number', deadlineAt: 'time' },
  }),
  defineEvent<CheckpointSaved>()({
    type: 'checkpoint_saved',
    version: 1,
    layer: 'lifecycle',
    meaning: "The current phase's deliverable was saved, its content as an artifact.",
    structure: {
      phaseIndex: 'number',
      artifactId: 'id',
      sha256: 'hash',
      bytes: 'number',
      savedAt: 'time',
      late: 'boolean',
    },
  }),
  defineEvent<ConfigSnapshot>()({
    type: 'config_snapshot_taken',
    version: 1,
    layer: 'lifecycle',
    meaning: 'The AI configuration as it stood at the submission; in the same append, so no submission lacks one.',
    structure: { snapshotId: 'id', assessmentVersion: 'number', rubricVersion: 'number', atSeq: 'number' },
  }),
  defineEvent<DueDateChanged>()({
    type: 'due_date_changed',
    version: 1,
    layer: 'lifecycle',
    meaning: "The session's own due date changed, or that of its assessment did.",
    structure: {
      source: 'word',
      dueDate: 'time',
      assessmentDueDate: 'time',
      assessmentRevision: 'number',
      closesAt: 'time',
      setupDeadlineAt: 'time',
      by: 'id',
    },
  }),
  defineEvent<TimeExtended>()({
    type: 'time_extended',
    version: 1,
    layer: 'lifecycle',
    meaning: 'The running timer was given more minutes.',
    structure: { scope: 'word', phaseIndex: 'number', minutes: 'number', deadlineAt: 'time', by: 'id' },
  }),
  defineEvent<SessionCancelled>()({
    type: 'session_cancelled',
    version: 1,
    layer: 'lifecycle',
    meaning: 'The session was called off before it was submitted; it keeps its status and is closed.',
    structure: { cancelledAt: 'time', by: 'id' },
  }),
  defineEvent<SessionReopened>()({
    type: 'session_reopened',
    version: 1,
    layer: 'lifecycle',
    meaning: 'A session that the clock had submitted goes on; a score under way or made is set aside.',
    structure: {
      reopenedAt: 'time',
      phaseIndex: 'number',
      minutes: 'number',
      deadlineAt: 'time',
      dueDate: 'time',
      closesAt: 'time',
      by: 'id',
    },
  }),
  defineEvent<SessionDeleted>()({
    type: 'session_deleted',
    version: 1,
    layer: 'lifecycle',
    meaning: 'Terminal: from here on the session does not exist for any caller.',
    structure: { deletedAt: 'time', by: 'id', reason: 'word' },
  }),
] as const;

export type LifecycleEvent = EventOf<typeof lifecycleEvents>;
