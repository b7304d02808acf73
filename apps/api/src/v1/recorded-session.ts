import type { MeasuredSession, SessionMetricValues } from '#cohorts';
import type { SessionView } from '#sessions';

/** V13: a session as the coding product shows it. */
export interface RecordedSession {
  readonly id: string;
  readonly assessmentId: string;
  /** Null for whoever is blind to names. */
  readonly candidateName: string | null;
  readonly candidateEmail: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly lastActivityAt: string | null;
  readonly eventCount: number;
  /** Null while nothing was recorded. */
  readonly metrics: SessionMetricValues | null;
}

export const recordedSession = (session: SessionView, measured: MeasuredSession | undefined): RecordedSession => ({
  id: session.id,
  assessmentId: session.assessmentId,
  candidateName: session.candidateName,
  candidateEmail: session.candidateEmail,
  startedAt: session.taskStartedAt,
  endedAt: session.submittedAt,
  lastActivityAt: measured?.lastActivityAt ?? null,
  eventCount: measured?.eventCount ?? 0,
  metrics: measured?.metrics ?? null,
});
