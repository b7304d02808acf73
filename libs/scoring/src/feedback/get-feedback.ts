import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { Assessments } from '#assessments';
import { Clock, isoTime, notFound } from '#platform';
import { Sessions } from '#sessions';
import { Feedbacks } from './feedbacks.js';

export interface FeedbackView {
  readonly sessionId: string;
  readonly assessmentName: string | null;
  readonly feedbackText: string;
  readonly releasedAt: string;
}

/** A candidate's own feedback, once it is released; before, it is not there. */
export class GetFeedback extends Query<FeedbackView> {
  constructor(
    readonly orgId: string,
    readonly sessionId: string,
  ) {
    super();
  }
}

@QueryHandler(GetFeedback)
export class GetFeedbackHandler implements IQueryHandler<GetFeedback> {
  constructor(
    private readonly sessions: Sessions,
    private readonly assessments: Assessments,
    private readonly feedbacks: Feedbacks,
    private readonly clock: Clock,
  ) {}

  /** @throws VerbatimError not_found */
  async execute({ orgId, sessionId }: GetFeedback): Promise<FeedbackView> {
    const { state } = await this.sessions.require(orgId, sessionId);
    const feedback = await this.feedbacks.of(orgId, state);
    if (!feedback || this.clock.now() < feedback.releasedAt) throw notFound('feedback');
    const names = await this.assessments.names(orgId, [state.assessmentId]);
    return {
      sessionId,
      assessmentName: names.get(state.assessmentId) ?? null,
      feedbackText: feedback.text,
      releasedAt: isoTime(feedback.releasedAt),
    };
  }
}
