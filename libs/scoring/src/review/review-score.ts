import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { type HumanDecision, ReviewSession, type ScoreAdjustment, Sessions } from '#sessions';
import { categoriesOf } from '../score/score-sheet.js';
import { requireFitting } from './checked-adjustments.js';

export interface ReviewWish {
  readonly adjustments: readonly ScoreAdjustment[];
  readonly note: string | null;
  readonly decision: HumanDecision | null;
  /** Of the key that reviews. */
  readonly byName: string;
}

/** W8: a human's word on the current score, held to its categories and their points. */
export class ReviewScore extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly wish: ReviewWish,
  ) {
    super();
  }
}

@CommandHandler(ReviewScore)
export class ReviewScoreHandler implements ICommandHandler<ReviewScore> {
  constructor(
    private readonly commands: CommandBus,
    private readonly sessions: Sessions,
  ) {}

  async execute({ context, orgId, sessionId, wish }: ReviewScore): Promise<void> {
    const { scoring } = (await this.sessions.require(orgId, sessionId)).state;
    const run = scoring.runs.find(({ runId }) => runId === scoring.currentRunId);
    // Without a score the session itself refuses, and says what would be allowed.
    if (run) requireFitting(wish.adjustments, categoriesOf(run.result));
    await this.commands.execute(
      new ReviewSession(context, orgId, sessionId, { ...wish, expectedRunId: run?.runId ?? null }),
    );
  }
}
