import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { start } from '../session.decider.js';
import { SessionPlans } from '../session-plans.js';
import { Sessions } from '../sessions.js';

/** setup -> in_progress, once; later nothing changes. An invited session is opened and started. */
export class StartTask extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
  ) {
    super();
  }
}

@CommandHandler(StartTask)
export class StartTaskHandler implements ICommandHandler<StartTask> {
  constructor(
    private readonly sessions: Sessions,
    private readonly plans: SessionPlans,
  ) {}

  async execute({ context, orgId, sessionId }: StartTask): Promise<void> {
    const plan = await this.plans.forSession(orgId, sessionId);
    await this.sessions.decide(context, orgId, sessionId, (state) => start(state, { now: context.receivedAt, plan }));
  }
}
