import type { Evolvable } from '#event-sourcing';
import { foldConfig } from './config.fold.js';
import { moment } from './moment.js';
import { evolveScoring, flagKey, isScoringEvent } from './scoring.evolve.js';
import { type ActivityEvent, isActivityEvent, type LifecycleEvent, type SessionEvent } from './session.events.js';
import { initialScoring, initialState, type SessionState } from './session.state.js';

/** Total: an unknown type moves the revision alone, and nothing throws. */
export const evolve = (state: SessionState, event: Evolvable<SessionEvent>): SessionState => {
  if (state.deleted) return { ...state, revision: event.revision };
  if (isActivityEvent(event)) return evolveActivity(state, event);
  if (isScoringEvent(event)) return { ...state, revision: event.revision, ...evolveScoring(state, event) };
  return { ...state, revision: event.revision, ...evolveLifecycle(state, event) };
};

const evolveActivity = (state: SessionState, event: Evolvable<SessionEvent> & ActivityEvent): SessionState => {
  const { data } = event;
  const activities = state.activities.append({
    id: data.callerId ?? event.id,
    type: event.type,
    revision: event.revision,
  });
  if (data.late === true) return { ...state, revision: event.revision, activities };
  const seen = {
    ...state,
    revision: event.revision,
    activities,
    config: foldConfig(state.config, event.type, data.body),
  };
  switch (event.type) {
    case 'task_submitted':
      return {
        ...seen,
        status: 'submitted',
        submittedAt: event.data.timestampMs,
        submittedBy: event.data.body.trigger,
        closedAt: event.data.timestampMs,
        closedReason: 'submitted',
      };
    case 'phase_advanced':
      return {
        ...seen,
        phaseIndex: event.data.body.toPhaseIndex,
        phaseStartedAt: event.data.timestampMs,
        phaseDeadlineAt: moment(event.data.body.deadlineAt),
        deliverables: state.checkpoint ? [...state.deliverables, state.checkpoint] : state.deliverables,
        phasesLeftBy: [
          ...state.phasesLeftBy,
          event.data.body.trigger === 'candidate' ? event.metadata.commandId : null,
        ],
        checkpoint: null,
      };
    case 'security_flag':
      if (data.via !== 'system') return { ...seen, lastActivityAt: moment(event.metadata.recordedAt) };
      return { ...seen, scoring: { ...state.scoring, flagged: [...state.scoring.flagged, flagKey(data.body)] } };
    default:
      return data.via === 'system' ? seen : { ...seen, lastActivityAt: moment(event.metadata.recordedAt) };
  }
};

const evolveLifecycle = (
  state: SessionState,
  event: Evolvable<SessionEvent> & LifecycleEvent,
): Partial<SessionState> => {
  switch (event.type) {
    case 'session_invited': {
      const { sessionId, assessmentId, assessmentRevision, candidateId, attempt, sendEmail, plan } = event.data;
      const dueDate = moment(event.data.dueDate);
      const assessmentDueDate = moment(event.data.assessmentDueDate);
      return {
        status: 'invited',
        sessionId,
        assessmentId,
        candidateId,
        attempt,
        sendEmail,
        createdAt: moment(event.metadata.recordedAt),
        plan: plan ?? state.plan,
        dueDate,
        assessmentDueDate,
        dueDateRevision: assessmentRevision,
        closesAt: dueDate ?? assessmentDueDate,
      };
    }
    case 'invite_delivered': {
      const { messageId, delivered, at } = event.data;
      return { inviteDelivery: { messageId, delivered, at: moment(at) ?? 0 } };
    }
    case 'setup_started':
      return {
        status: 'setup',
        setupStartedAt: moment(event.data.startedAt),
        setupDeadlineAt: moment(event.data.deadlineAt),
        plan: event.data.plan ?? state.plan,
      };
    case 'task_started':
      return {
        status: 'in_progress',
        taskStartedAt: moment(event.data.startedAt),
        phaseIndex: event.data.phaseIndex,
        phaseStartedAt: moment(event.data.startedAt),
        phaseDeadlineAt: moment(event.data.deadlineAt),
      };
    case 'checkpoint_saved': {
      const { phaseIndex, artifactId, sha256, bytes, late } = event.data;
      const saved = { phaseIndex, artifactId, sha256, bytes, revision: event.revision };
      const counted = {
        checkpointCount: state.checkpointCount + 1,
        checkpointBytes: state.checkpointBytes + bytes,
      };
      return late === true ? { ...counted, lateCheckpoint: saved } : { ...counted, checkpoint: saved };
    }
    case 'config_snapshot_taken':
      return { snapshot: event.data };
    case 'due_date_changed': {
      const setupDeadlineAt = moment(event.data.setupDeadlineAt);
      return {
        dueDate: moment(event.data.dueDate),
        assessmentDueDate: moment(event.data.assessmentDueDate),
        dueDateRevision: event.data.assessmentRevision,
        closesAt: moment(event.data.closesAt),
        ...(setupDeadlineAt === null ? {} : { setupDeadlineAt }),
      };
    }
    case 'time_extended': {
      const deadlineAt = moment(event.data.deadlineAt);
      return event.data.scope === 'setup' ? { setupDeadlineAt: deadlineAt } : { phaseDeadlineAt: deadlineAt };
    }
    case 'session_cancelled':
      return { closedAt: moment(event.data.cancelledAt), closedReason: 'cancelled' };
    case 'session_reopened':
      return {
        status: 'in_progress',
        phaseIndex: event.data.phaseIndex,
        phaseDeadlineAt: moment(event.data.deadlineAt),
        dueDate: moment(event.data.dueDate),
        closesAt: moment(event.data.closesAt),
        closedAt: null,
        closedReason: null,
        submittedAt: null,
        submittedBy: null,
        snapshot: null,
        // What came too late because of the outage is where the candidate goes on.
        checkpoint: state.lateCheckpoint ?? state.checkpoint,
        lateCheckpoint: null,
        scoring: {
          ...initialScoring,
          lastRunId: state.scoring.lastRunId,
          flagged: state.scoring.flagged,
          runs: state.scoring.runs.map((run) => ({ ...run, setAside: true })),
        },
      };
    case 'session_deleted':
      return { ...initialState, revision: event.revision, deleted: true, sessionId: state.sessionId };
    default:
      event satisfies never;
      return {};
  }
};
