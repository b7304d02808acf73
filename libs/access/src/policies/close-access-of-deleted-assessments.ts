import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type CommandContext, type Fact, type Policy, parseStream } from '#event-sourcing';
import { CloseAccess } from '../commands/close-access.js';

/** Whoever deletes an assessment closes its access at once; this completes what a crash between the two left. */
@Injectable()
export class CloseAccessOfDeletedAssessments implements Policy {
  readonly name = 'close-access-of-deleted-assessments';
  readonly types = ['assessment_deleted'];

  constructor(private readonly commands: CommandBus) {}

  async react(fact: Fact, context: CommandContext): Promise<void> {
    const { orgId, id } = parseStream(fact.stream);
    await this.commands.execute(new CloseAccess(context, orgId, id));
  }
}
