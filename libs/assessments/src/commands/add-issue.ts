import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { derivedId } from '#platform';
import { addIssue, type IssueWish, issueAggregate } from '../issues/issue.aggregate.js';
import type { IssueView } from '../issues/issue-library.js';

export class AddIssue extends Command<IssueView> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly wish: IssueWish,
  ) {
    super();
  }
}

@CommandHandler(AddIssue)
export class AddIssueHandler implements ICommandHandler<AddIssue> {
  constructor(private readonly aggregates: AggregateStore) {}

  async execute({ context, orgId, wish }: AddIssue): Promise<IssueView> {
    const id = derivedId('issue', orgId, context.commandId);
    const { state } = await this.aggregates.change(issueAggregate, streamName('issue', orgId, id), context, (before) =>
      addIssue(before, wish),
    );
    return { id, ...state.fields! };
  }
}
