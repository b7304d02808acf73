import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { open } from '../session.decider.js';
import { SessionPlans } from '../session-plans.js';
import { Sessions } from '../sessions.js';

/** invited -> setup, once; later nothing changes. Without a setup phase it also starts the task, in the same append. */
export class OpenSession extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
  ) {
    super();
  }
}

@CommandHandler(OpenSession)
export class OpenSessionHandler implements ICommandHandler<OpenSession> {
  constructor(
    private readonly sessions: Sessions,
    private readonly plans: SessionPlans,
  ) {}

  async execute({ context, orgId, sessionId }: OpenSession): Promise<void> {
    const plan = await this.plans.forSession(orgId, sessionId);
    await this.sessions.decide(context, orgId, sessionId, (state) => open(state, { now: context.receivedAt, plan }));
  }
}
