import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { IntroduceCandidate } from '#candidates';
import { AggregateStore, type CommandContext } from '#event-sourcing';
import { isVerbatimError } from '#platform';
import { StartTask } from '#sessions';
import { accessAggregate } from '../access.aggregate.js';
import { invalidKey, redeemKey, usableKey } from '../access.decider.js';
import type { KeyBearer } from '../candidate-keys.js';
import { accessStream, candidateOfKey } from '../key-ids.js';
import { KeySessions } from '../key-sessions.js';

/**
 * V10: spends the key, makes its session, opens and starts it. Each step is found done by the next call, so the same key
 * redeemed again, at once or after a crash between any two, leads to the same session.
 */
export class RedeemKey extends Command<void> {
  constructor(
    readonly context: CommandContext,
    readonly bearer: KeyBearer,
    readonly candidateName: string | null,
  ) {
    super();
  }
}

@CommandHandler(RedeemKey)
export class RedeemKeyHandler implements ICommandHandler<RedeemKey> {
  constructor(
    private readonly commands: CommandBus,
    private readonly aggregates: AggregateStore,
    private readonly keySessions: KeySessions,
  ) {}

  async execute({ context, bearer, candidateName }: RedeemKey): Promise<void> {
    const { orgId, assessmentId, keyId, sessionId } = bearer;
    const stream = accessStream(orgId, assessmentId);
    const { state } = await this.aggregates.load(accessAggregate, stream);
    const { candidateId } = usableKey(state, keyId, context.receivedAt);
    await this.keySessions.requirePossible(orgId, assessmentId, sessionId, context.receivedAt);
    // Somebody known by an address has the name the organization gave.
    if (candidateName !== null && candidateId === candidateOfKey(orgId, keyId))
      await this.commands.execute(new IntroduceCandidate(context, orgId, candidateId, candidateName));
    const redeemed = { keyId, assessmentId, candidateId, sessionId };
    await this.aggregates.change(accessAggregate, stream, context, (now) =>
      redeemKey(now, redeemed, context.receivedAt),
    );
    try {
      await this.keySessions.ensure(context, orgId, redeemed);
      await this.commands.execute(new StartTask(context, orgId, sessionId));
    } catch (error) {
      // Its session was deleted for good: the key serves nobody else.
      throw isVerbatimError(error, 'not_found') ? invalidKey() : error;
    }
  }
}
