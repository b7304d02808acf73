import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Assessments, type DeliverableType, type FoundAssessment, phasesOf } from '#assessments';
import { Clock, isoTime } from '#platform';
import { type DeliverableState, Deliverables } from '../deliverables.js';
import { currentDeadline, type SessionState } from '../session.state.js';
import { coreOfState, type SessionView } from '../session-view.js';
import { SessionViews } from '../session-views.js';
import { Sessions } from '../sessions.js';

export interface WorkspacePhase {
  readonly index: number;
  readonly name: string | null;
  readonly timeMinutes: number;
  /** Null until the phase. */
  readonly brief: string | null;
}

/** W1: what the candidate's workspace shows. */
export interface Workspace {
  readonly session: SessionView;
  readonly assessment: {
    readonly name: string | null;
    readonly role: string | null;
    /** Null until the task's clock runs. */
    readonly taskPrompt: string | null;
    readonly deliverableType: DeliverableType | null;
    readonly setupTimeMinutes: number;
    readonly taskTimeMinutes: number;
    readonly candidatePermissions: Readonly<Record<string, boolean>>;
    readonly phases: readonly WorkspacePhase[];
  };
  /** Null while no clock runs. */
  readonly timer: {
    readonly phase: 'setup' | 'task';
    readonly phaseIndex: number;
    readonly deadlineAt: string;
    readonly remainingSeconds: number;
  } | null;
  /** What was last saved in this phase. */
  readonly deliverableState: DeliverableState | null;
  readonly serverNow: string;
}

export class GetWorkspace extends Query<Workspace> {
  constructor(
    readonly orgId: string,
    readonly sessionId: string,
  ) {
    super();
  }
}

@QueryHandler(GetWorkspace)
export class GetWorkspaceHandler implements IQueryHandler<GetWorkspace> {
  constructor(
    private readonly sessions: Sessions,
    private readonly assessments: Assessments,
    private readonly views: SessionViews,
    private readonly deliverables: Deliverables,
    private readonly clock: Clock,
  ) {}

  async execute({ orgId, sessionId }: GetWorkspace): Promise<Workspace> {
    const { state } = await this.sessions.require(orgId, sessionId);
    const now = this.clock.now();
    const [session, found, deliverableState] = await Promise.all([
      this.views.one(orgId, coreOfState(state, now), { names: true, tokens: false }),
      this.assessmentOf(orgId, state),
      this.deliverables.read(sessionId, state.checkpoint?.artifactId),
    ]);
    return {
      session,
      assessment: assessmentShown(state, found),
      timer: timerOf(state, now),
      deliverableState,
      serverNow: isoTime(now),
    };
  }

  /** What the session has pinned; before that, what it would pin if it were opened now. */
  private async assessmentOf(orgId: string, state: SessionState): Promise<FoundAssessment | undefined> {
    const today = state.setupStartedAt === null ? await this.assessments.find(orgId, state.assessmentId) : undefined;
    return today ?? this.assessments.findAt(orgId, state.assessmentId, state.plan.assessmentRevision);
  }
}

const assessmentShown = (state: SessionState, found: FoundAssessment | undefined): Workspace['assessment'] => {
  const assessment = found?.assessment;
  const phases = assessment ? phasesOf(assessment) : [];
  const begun = state.taskStartedAt !== null;
  return {
    name: assessment?.name ?? null,
    role: assessment?.role ?? null,
    taskPrompt: begun ? (assessment?.taskPrompt ?? null) : null,
    deliverableType: assessment?.deliverableType ?? null,
    setupTimeMinutes: assessment?.setupTimeMinutes ?? 0,
    taskTimeMinutes: phases.reduce((sum, phase) => sum + phase.timeMinutes, 0),
    candidatePermissions: assessment?.candidatePermissions ?? {},
    phases: phases.map(({ name, brief, timeMinutes }, index) => ({
      index,
      name,
      timeMinutes,
      brief: begun && index <= state.phaseIndex ? brief : null,
    })),
  };
};

const timerOf = (state: SessionState, now: number): Workspace['timer'] => {
  const deadline = currentDeadline(state);
  if (deadline === null) return null;
  return {
    phase: state.status === 'setup' ? 'setup' : 'task',
    phaseIndex: state.phaseIndex,
    deadlineAt: isoTime(deadline),
    remainingSeconds: Math.max(0, Math.ceil((deadline - now) / 1000)),
  };
};
