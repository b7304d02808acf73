import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext } from '#event-sourcing';
import { accessAggregate } from '../access.aggregate.js';
import { type KeyMailReport, recordKeyMail } from '../access.decider.js';
import { accessStream } from '../key-ids.js';

/** What became of a key's invitation. */
export class RecordKeyMail extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly assessmentId: string,
    readonly report: KeyMailReport,
  ) {
    super();
  }
}

@CommandHandler(RecordKeyMail)
export class RecordKeyMailHandler implements ICommandHandler<RecordKeyMail> {
  constructor(private readonly aggregates: AggregateStore) {}

  async execute({ context, orgId, assessmentId, report }: RecordKeyMail): Promise<void> {
    await this.aggregates.change(accessAggregate, accessStream(orgId, assessmentId), context, (state) =>
      recordKeyMail(state, report),
    );
  }
}
