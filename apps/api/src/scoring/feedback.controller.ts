import { Controller, Get } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { CandidatePrincipal } from '#platform';
import { type FeedbackView, GetFeedback } from '#scoring';
import { AllowCandidate, Caller } from '../http/index.js';

/** What the candidate is told about the work, once it is released. */
@Controller('api/candidate/feedback')
@AllowCandidate()
export class FeedbackController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  async get(@Caller() { orgId, sessionId }: CandidatePrincipal): Promise<{ feedback: FeedbackView }> {
    return { feedback: await this.queries.execute(new GetFeedback(orgId, sessionId)) };
  }
}
