import { Injectable } from '@nestjs/common';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { Entitlements } from '#organizations';
import { derivedId } from '#platform';
import { assessmentAggregate, createAssessment } from './assessment.decider.js';
import type { AssessmentWish } from './assessment.fields.js';
import { type AssessmentView, assessmentView } from './assessment.view.js';

/** Makes assessments, by whichever door they are asked for: each has its place in the monthly quota first. */
@Injectable()
export class AssessmentMaking {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly entitlements: Entitlements,
  ) {}

  /**
   * The id follows from the command: a request repeated under its Idempotency-Key after a crash finds the place it took
   * and the assessment it made, and makes what is missing. Without such a key, a place taken just before a crash stays taken.
   */
  async make(
    context: CommandContext,
    orgId: string,
    wish: AssessmentWish,
    { paid }: { paid: boolean },
  ): Promise<AssessmentView> {
    // A wish that will be refused should take no place.
    createAssessment(assessmentAggregate.initialState, wish, context.receivedAt);
    const id = derivedId('assessment', orgId, context.commandId);
    await this.entitlements.countAssessment(context, orgId, { assessmentId: id, paid });
    const { state, revision } = await this.aggregates.change(
      assessmentAggregate,
      streamName('assessment', orgId, id),
      context,
      (before) => createAssessment(before, wish, context.receivedAt),
    );
    return assessmentView(orgId, id, state, revision);
  }
}
