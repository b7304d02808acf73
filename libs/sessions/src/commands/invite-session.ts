import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { FoundAssessment } from '#assessments';
import type { CommandContext } from '#event-sourcing';
import { invite } from '../session.decider.js';
import type { SessionState } from '../session.state.js';
import { planOf } from '../session-plan-of.js';
import { Sessions } from '../sessions.js';

export interface Invitation {
  readonly sessionId: string;
  readonly assessmentId: string;
  /** The assessment this invitation is decided on. */
  readonly found: FoundAssessment;
  readonly candidateId: string;
  readonly attempt: number;
  /** Milliseconds since 1970; null inherits the assessment's. */
  readonly dueDate: number | null;
  readonly sendEmail: boolean;
}

export interface InvitedSession {
  readonly session: SessionState;
  /** False: it was there already, and stays as it is. */
  readonly created: boolean;
}

export class InviteSession extends Command<InvitedSession> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly invitation: Invitation,
  ) {
    super();
  }
}

@CommandHandler(InviteSession)
export class InviteSessionHandler implements ICommandHandler<InviteSession> {
  constructor(private readonly sessions: Sessions) {}

  async execute({ context, orgId, invitation }: InviteSession): Promise<InvitedSession> {
    const { found, ...rest } = invitation;
    const { dueDate } = found.assessment;
    const request = {
      ...rest,
      now: context.receivedAt,
      assessmentRevision: found.revision,
      assessmentDueDate: dueDate === null ? null : Date.parse(dueDate),
      plan: planOf(found),
    };
    const { created } = await this.sessions.decide(context, orgId, rest.sessionId, (state) => invite(state, request));
    const { state } = await this.sessions.require(orgId, rest.sessionId);
    return { session: state, created };
  }
}
