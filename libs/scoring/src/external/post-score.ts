import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { derivedId } from '#platform';
import { BringScore } from '#sessions';
import { recordable } from '../score/score-sheet.js';
import { Submissions } from '../submissions/submissions.js';
import { type BroughtScore, externalSheet } from './external-sheet.js';

/** A service elsewhere scored a session: checked against rubric and record, then a run of its own. Answers the run's id. */
export class PostScore extends Command<string> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly score: BroughtScore,
    /** The service's own name for it: posted again, it is the same run. */
    readonly callerId: string | undefined,
  ) {
    super();
  }
}

@CommandHandler(PostScore)
export class PostScoreHandler implements ICommandHandler<PostScore> {
  constructor(
    private readonly commands: CommandBus,
    private readonly submissions: Submissions,
  ) {}

  async execute({ context, orgId, sessionId, score, callerId }: PostScore): Promise<string> {
    const submission = await this.submissions.read(orgId, sessionId);
    const runId = derivedId('external_run', sessionId, context.actor.id, callerId ?? context.commandId);
    const brought = { runId, ...recordable(await externalSheet(submission, score)) };
    await this.commands.execute(new BringScore(context, orgId, sessionId, brought));
    return runId;
  }
}
