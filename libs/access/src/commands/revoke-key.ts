import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Assessments } from '#assessments';
import { AggregateStore, type CommandContext } from '#event-sourcing';
import { notFound } from '#platform';
import { accessAggregate } from '../access.aggregate.js';
import { revokeKey } from '../access.decider.js';
import { accessStream } from '../key-ids.js';

/** V7. The key opens nothing from the answer on; the session it may have begun is not touched. */
export class RevokeKey extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly assessmentId: string,
    readonly keyId: string,
  ) {
    super();
  }
}

@CommandHandler(RevokeKey)
export class RevokeKeyHandler implements ICommandHandler<RevokeKey> {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly assessments: Assessments,
  ) {}

  async execute({ context, orgId, assessmentId, keyId }: RevokeKey): Promise<void> {
    if (!(await this.assessments.find(orgId, assessmentId))) throw notFound('assessment');
    await this.aggregates.change(accessAggregate, accessStream(orgId, assessmentId), context, (state) =>
      revokeKey(state, keyId),
    );
  }
}
