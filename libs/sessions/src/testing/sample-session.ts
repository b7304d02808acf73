import * as session from '../session.decider.js';
import type { SessionPlan } from '../session.plan.js';
import type { ActivityItem, AdjustRequest, DeliverableRef, InviteRequest } from '../session.requests.js';
import type { SessionState } from '../session.state.js';
import { Story } from './given-when-then.js';

export const MINUTE = 60_000;
export const T0 = Date.parse('2026-01-05T09:00:00.000Z');
/** So many minutes after the invitation. */
export const at = (minutes: number): number => T0 + minutes * MINUTE;
export const iso = (minutes: number): string => new Date(at(minutes)).toISOString();

export const planOf = (setupTimeMinutes: number, ...phaseMinutes: number[]): SessionPlan => ({
  assessmentRevision: 3,
  rubricVersion: 1,
  setupTimeMinutes,
  phases: phaseMinutes.map((timeMinutes, index) => ({ name: `Part ${index + 1}`, timeMinutes })),
  candidatePermissions: { can_add_skills: true },
});

export const PLAN = planOf(10, 60);

export const invitation = (more: Partial<InviteRequest> = {}): InviteRequest => ({
  now: T0,
  sessionId: '00000000-0000-5000-8000-000000000001',
  assessmentId: 'assessment-1',
  assessmentRevision: 3,
  candidateId: 'candidate-1',
  attempt: 1,
  dueDate: null,
  assessmentDueDate: null,
  sendEmail: true,
  plan: PLAN,
  ...more,
});

export const deliverable = (name: string): DeliverableRef => ({
  artifactId: `artifact-${name}`,
  sha256: Buffer.from(name).toString('hex'),
  bytes: name.length,
});

export const message = (id: string, data: object = { content: 'hello' }): ActivityItem => ({
  id,
  type: 'user_message',
  timestampMs: T0,
  data,
});

/** The commands, by the minute they are received at. */
export const does = {
  open:
    (minute: number, plan = PLAN) =>
    (state: SessionState) =>
      session.open(state, { now: at(minute), plan }),
  start:
    (minute: number, plan = PLAN) =>
    (state: SessionState) =>
      session.start(state, { now: at(minute), plan }),
  record:
    (minute: number, items: readonly ActivityItem[], via: 'candidate' | 'runtime' = 'candidate') =>
    (state: SessionState) =>
      session.recordActivities(state, { now: at(minute), via, items }),
  checkpoint: (minute: number, name: string) => (state: SessionState) =>
    session.checkpoint(state, { now: at(minute), deliverable: deliverable(name) }),
  advance:
    (minute: number, expectedPhaseIndex: number, name?: string, timeRemainingS: number | null = null) =>
    (state: SessionState) =>
      session.advancePhase(state, {
        now: at(minute),
        commandId: `advance at ${minute}`,
        expectedPhaseIndex,
        deliverable: name === undefined ? null : deliverable(name),
        timeRemainingS,
      }),
  submit: (minute: number, name?: string) => (state: SessionState) =>
    session.submit(state, { now: at(minute), deliverable: name === undefined ? null : deliverable(name) }),
  closeDue: (minute: number) => (state: SessionState) => session.closeDue(state, { now: at(minute) }),
  adjust: (minute: number, what: Omit<AdjustRequest, 'now' | 'by'>) => (state: SessionState) =>
    session.adjust(state, { now: at(minute), by: 'key-1', ...what }),
  reopen:
    (minute: number, minutes = 15) =>
    (state: SessionState) =>
      session.adjust(state, { now: at(minute), by: 'key-1', reopen: { minutes, reason: 'outage' } }),
  inherit:
    (minute: number, due: number | null, assessmentRevision = 4) =>
    (state: SessionState) =>
      session.inheritDueDate(state, {
        now: at(minute),
        by: 'policy',
        assessmentDueDate: due === null ? null : at(due),
        assessmentRevision,
      }),
  cancel: (minute: number) => (state: SessionState) =>
    session.cancel(state, { now: at(minute), by: 'key-1', reason: 'Position filled' }),
  remove: (minute: number) => (state: SessionState) =>
    session.remove(state, { now: at(minute), by: 'key-1', reason: 'requested' }),
  deliver:
    (minute: number, messageId = 'mail-1', delivered = true) =>
    (state: SessionState) =>
      session.recordInviteDelivery(state, { now: at(minute), messageId, delivered, channel: 'outbox', reason: null }),
  requestScoring:
    (minute: number, requestId = 'request-1') =>
    (state: SessionState) =>
      session.requestScoring(state, { now: at(minute), requestId, trigger: 'caller', model: null, by: 'key-1' }),
  startScoring:
    (minute: number, runId = 'run-1', leaseMinutes = 5) =>
    (state: SessionState) =>
      session.startScoring(state, { now: at(minute), runId, leaseUntil: at(minute + leaseMinutes) }),
  recordScore:
    (minute: number, runId = 'run-1') =>
    (state: SessionState) =>
      session.recordScore(state, { now: at(minute), runId, finalScore: 71.5, result: { summaryText: 'Solid.' } }),
  bringScore:
    (minute: number, runId = 'run-1', requestId = 'request-1') =>
    (state: SessionState) =>
      session.bringScore(state, {
        now: at(minute),
        runId,
        requestId,
        by: 'key-2',
        finalScore: 50,
        result: { summaryText: 'Elsewhere.' },
      }),
  failScoring:
    (minute: number, runId = 'run-1', retryMinute: number | null = null) =>
    (state: SessionState) =>
      session.failScoring(state, {
        now: at(minute),
        runId,
        reason: 'judge unavailable',
        retryAt: retryMinute === null ? null : at(retryMinute),
      }),
  parkScoring:
    (minute: number, runId = 'run-1') =>
    (state: SessionState) =>
      session.parkScoring(state, { now: at(minute), runId, reason: 'five attempts' }),
  review:
    (minute: number, decision: 'hired' | 'hold' | null = null) =>
    (state: SessionState) =>
      session.review(state, {
        now: at(minute),
        by: 'key-1',
        adjustments: [{ categoryId: 'delegation', score: 8, reason: 'Saw the plan' }],
        note: 'Looked at it',
        decision,
      }),
  decide:
    (minute: number, decision: 'hired' | 'hold' = 'hired') =>
    (state: SessionState) =>
      session.decide(state, { now: at(minute), by: 'key-1', decision }),
};

export const invited = (more: Partial<InviteRequest> = {}): Story =>
  Story.unwritten.after((state) => session.invite(state, invitation(more)));
/** Opened at minute 1. */
export const inSetup = (plan = PLAN, more: Partial<InviteRequest> = {}): Story =>
  invited({ plan, ...more }).after(does.open(1, plan));
/** Opened at minute 1, started at minute 2. */
export const inProgress = (plan = PLAN, more: Partial<InviteRequest> = {}): Story =>
  inSetup(plan, more).after(does.start(2, plan));
/** Submitted by the candidate at minute 30. */
export const submitted = (): Story => inProgress().after(does.submit(30));
/** Submitted by its timer at minute 62, noticed at minute 70. */
export const timedOut = (): Story => inProgress().after(does.closeDue(70));
/** Claimed by run-1 at minute 71, until minute 76. */
export const inScoring = (from = timedOut()): Story => from.after(does.requestScoring(71)).after(does.startScoring(71));
export const scored = (from = timedOut()): Story => inScoring(from).after(does.recordScore(72));
export const reviewed = (): Story => scored().after(does.review(80));
export const cancelled = (): Story => inProgress().after(does.cancel(20));
export const deleted = (): Story => inProgress().after(does.remove(20));
