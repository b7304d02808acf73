import { Injectable } from '@nestjs/common';
import { Assessments } from '#assessments';
import type { SessionState } from '#sessions';
import type { ScoreSheet } from '../score/score-sheet.js';

const HOUR = 3_600_000;

export interface Feedback {
  readonly text: string;
  /** Milliseconds since 1970: nobody is told before. */
  readonly releasedAt: number;
}

/** What a candidate is told about the work, and from when on. */
@Injectable()
export class Feedbacks {
  constructor(private readonly assessments: Assessments) {}

  /**
   * Null when nothing is to be told: the assessment, as the session pinned it, sends none, or no human has reviewed the
   * score. The delay counts from the first review; what later ones change is in it until it goes out.
   */
  async of(orgId: string, session: SessionState): Promise<Feedback | null> {
    const { assessmentId, plan, scoring, reviews } = session;
    const found = await this.assessments.findAt(orgId, assessmentId, plan.assessmentRevision);
    const first = reviews[0];
    if (!found?.assessment.sendFeedback || !first) return null;
    const run = scoring.runs.find(({ runId }) => runId === scoring.currentRunId);
    const { feedbackText } = (run?.result ?? {}) as Partial<ScoreSheet>;
    if (!feedbackText) return null;
    return { text: feedbackText, releasedAt: first.reviewedAt + found.assessment.feedbackDelayHours * HOUR };
  }
}
