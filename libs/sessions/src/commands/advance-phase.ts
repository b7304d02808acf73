import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import type { DeliverableState } from '../deliverables.js';
import { HandingOver } from '../handing-over.js';
import { advancePhase, phaseSeen } from '../session.decider.js';
import { Sessions } from '../sessions.js';

export interface PhaseLeft {
  readonly deliverableState: DeliverableState | null;
  /** Seconds, as the client counted them; null when it said nothing. */
  readonly timeRemainingS: number | null;
  /** The phase the caller means; without it, the one it is in when the request is first handled. */
  readonly expectedPhaseIndex: number | null;
}

export interface PhaseEntered {
  readonly newPhaseIndex: number;
}

export class AdvancePhase extends Command<PhaseEntered> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly sessionId: string,
    readonly left: PhaseLeft,
  ) {
    super();
  }
}

@CommandHandler(AdvancePhase)
export class AdvancePhaseHandler implements ICommandHandler<AdvancePhase> {
  constructor(
    private readonly sessions: Sessions,
    private readonly handingOver: HandingOver,
  ) {}

  async execute({ context, orgId, sessionId, left }: AdvancePhase): Promise<PhaseEntered> {
    const { state: seen } = await this.sessions.require(orgId, sessionId);
    // Fixed before the command queues behind others: who loses a race is told so, and never skips a phase (D11).
    const expectedPhaseIndex = left.expectedPhaseIndex ?? phaseSeen(seen);
    const { deliverableState, timeRemainingS } = left;
    return this.handingOver.decide(context, orgId, sessionId, deliverableState, (state, deliverable) =>
      advancePhase(state, {
        now: context.receivedAt,
        commandId: context.commandId,
        expectedPhaseIndex,
        deliverable,
        timeRemainingS,
      }),
    );
  }
}
