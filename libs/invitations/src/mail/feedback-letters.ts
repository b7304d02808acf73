import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Assessments } from '#assessments';
import { Candidates } from '#candidates';
import type { Delivery } from '#ops-store';
import { GetOrganization } from '#organizations';
import { Feedbacks } from '#scoring';
import { Sessions } from '#sessions';
import { writeFeedback } from './feedback-letter.js';
import type { Written } from './letters.js';

/** Writes the letter with a candidate's feedback from what the streams say now. */
@Injectable()
export class FeedbackLetters {
  constructor(
    private readonly sessions: Sessions,
    private readonly candidates: Candidates,
    private readonly assessments: Assessments,
    private readonly feedbacks: Feedbacks,
    private readonly queries: QueryBus,
  ) {}

  /** Undefined when the session is gone, and its mail with it. */
  async write({ orgId, refs }: Delivery): Promise<Written | undefined> {
    const { sessionId = '', candidateId = '', assessmentId = '' } = refs;
    const session = (await this.sessions.find(orgId, sessionId))?.state;
    if (!session) return undefined;
    const [feedback, profiles, registered, names, organization] = await Promise.all([
      this.feedbacks.of(orgId, session),
      this.candidates.profiles(orgId, [candidateId]),
      this.candidates.find(orgId, candidateId),
      this.assessments.names(orgId, [assessmentId]),
      this.queries.execute(new GetOrganization(orgId)),
    ]);
    const profile = profiles.get(candidateId);
    const letter = writeFeedback({
      candidateName: profile?.name ?? '',
      candidateEmail: profile?.email ?? '',
      assessmentName: names.get(assessmentId) ?? '',
      organizationName: organization.name,
      feedbackText: feedback?.text ?? '',
    });
    const withheld = !registered ? 'candidate_removed' : feedback === null ? 'feedback_withdrawn' : null;
    return { letter, inviteUrl: null, withheld };
  }
}
