import { type IQueryHandler, Query, QueryBus, QueryHandler } from '@nestjs/cqrs';
import { Assessments } from '#assessments';
import { AggregateStore } from '#event-sourcing';
import { GetOrganization } from '#organizations';
import { Clock } from '#platform';
import { GetWorkspace, Sessions, SessionTokens } from '#sessions';
import { accessAggregate } from '../access.aggregate.js';
import { usableKey } from '../access.decider.js';
import type { KeyBearer } from '../candidate-keys.js';
import { accessStream } from '../key-ids.js';

/** What a coding tool needs to begin (V10). */
export interface Redeemed {
  readonly sessionId: string;
  readonly sessionToken: string;
  readonly assessmentId: string;
  readonly assessmentTitle: string;
  readonly orgName: string;
  readonly taskBrief: string | null;
  readonly repoUrl: string | null;
  /** Of all phases together. */
  readonly timeLimitMinutes: number;
  /** Of the phase under way; null once the session is closed. */
  readonly deadlineAt: string | null;
  /** Of the key. */
  readonly expiresAt: string;
  readonly serverNow: string;
}

/** Of a key that was redeemed. */
export class GetRedeemed extends Query<Redeemed> {
  constructor(readonly bearer: KeyBearer) {
    super();
  }
}

@QueryHandler(GetRedeemed)
export class GetRedeemedHandler implements IQueryHandler<GetRedeemed> {
  constructor(
    private readonly queries: QueryBus,
    private readonly aggregates: AggregateStore,
    private readonly assessments: Assessments,
    private readonly sessions: Sessions,
    private readonly tokens: SessionTokens,
    private readonly clock: Clock,
  ) {}

  async execute({ bearer }: GetRedeemed): Promise<Redeemed> {
    const { orgId, assessmentId, keyId, sessionId } = bearer;
    const [{ state }, workspace, organization, session] = await Promise.all([
      this.aggregates.load(accessAggregate, accessStream(orgId, assessmentId)),
      this.queries.execute(new GetWorkspace(orgId, sessionId)),
      this.queries.execute(new GetOrganization(orgId)),
      this.sessions.require(orgId, sessionId),
    ]);
    const key = usableKey(state, keyId, this.clock.now());
    // What the session has pinned, whatever became of the assessment since.
    const pinned = await this.assessments.findAt(orgId, assessmentId, session.state.plan.assessmentRevision);
    return {
      sessionId,
      sessionToken: this.tokens.issue(orgId, sessionId),
      assessmentId,
      assessmentTitle: pinned?.assessment.name ?? '',
      orgName: key.orgName ?? organization.name,
      taskBrief: workspace.assessment.taskPrompt,
      repoUrl: pinned?.assessment.repoUrl ?? null,
      timeLimitMinutes: workspace.assessment.taskTimeMinutes,
      deadlineAt: workspace.timer?.deadlineAt ?? null,
      expiresAt: key.expiresAt,
      serverNow: workspace.serverNow,
    };
  }
}
