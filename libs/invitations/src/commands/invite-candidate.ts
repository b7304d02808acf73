import { Logger } from '@nestjs/common';
import { Command, CommandBus, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Assessments, type FoundAssessment } from '#assessments';
import { Candidates, RegisterCandidate, requireEmail, UpdateCandidate } from '#candidates';
import type { CommandContext } from '#event-sourcing';
import { isVerbatimError, notFound, VerbatimError } from '#platform';
import { type InvitedSession, InviteSession, type SessionState } from '#sessions';
import { activeAttempt, attemptsBefore, isActive } from '../attempt.rules.js';
import { Attempts, attemptId, type Pairing } from '../attempts.js';
import { InviteLinks } from '../invite-links.js';
import { InvitationMail } from '../mail/invitation-mail.js';

export interface InviteWish {
  readonly email: string;
  /** Left out or blank: the address's local part. */
  readonly name?: string | null | undefined;
  /** The organization's own id of the person; left out or null, what was noted stays. */
  readonly externalId?: string | null | undefined;
  /** ISO-8601. */
  readonly dueDate?: string | null | undefined;
  readonly sendEmail: boolean;
  /** Another attempt, whatever became of the last one. */
  readonly newAttempt: boolean;
  /** Mail the link of an existing session again. */
  readonly resend: boolean;
}

export interface Invited {
  readonly sessionId: string;
  readonly inviteUrl: string;
  readonly created: boolean;
}

/**
 * A7. Each step is found again by the next call: the address names the candidate, candidate and attempt name the session.
 * So the same invitation, repeated after a crash anywhere or fifty times at once, makes one session.
 */
export class InviteCandidate extends Command<Invited> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly assessmentId: string,
    readonly wish: InviteWish,
  ) {
    super();
  }
}

@CommandHandler(InviteCandidate)
export class InviteCandidateHandler implements ICommandHandler<InviteCandidate> {
  private readonly logger = new Logger(InviteCandidateHandler.name);

  constructor(
    private readonly commands: CommandBus,
    private readonly candidates: Candidates,
    private readonly assessments: Assessments,
    private readonly attempts: Attempts,
    private readonly links: InviteLinks,
    private readonly mail: InvitationMail,
  ) {}

  async execute(command: InviteCandidate): Promise<Invited> {
    const { context, orgId, assessmentId, wish } = command;
    const email = requireEmail(wish.email);
    const found = await this.assessments.find(orgId, assessmentId);
    if (!found) throw notFound('assessment');
    if (!found.assessment.isActive)
      throw new VerbatimError('assessment_inactive', 'This assessment is not active: nobody can be invited to it.');
    await this.refuseStrangersTooLate(command, found, email);
    const person = { email, name: wish.name?.trim() || null };
    const { candidateId } = await this.commands.execute(new RegisterCandidate(context, orgId, person));
    if (wish.externalId)
      await this.commands.execute(new UpdateCandidate(context, orgId, candidateId, { externalId: wish.externalId }));
    const { session, created } = await this.ensure(command, { orgId, assessmentId, candidateId }, found);
    if (created && wish.sendEmail) await this.requestMail(command, session);
    if (!created && wish.resend && session.closedAt === null)
      await this.mail.request(orgId, session, context.receivedAt);
    return { sessionId: session.sessionId, inviteUrl: this.links.of(orgId, session.sessionId), created };
  }

  /** The invitation stands whatever becomes of its mail: the policy on it asks again. */
  private async requestMail({ context, orgId }: InviteCandidate, session: SessionState): Promise<void> {
    await this.mail
      .request(orgId, session, context.receivedAt)
      .catch((error: unknown) => this.logger.warn({ err: error, sessionId: session.sessionId }, 'A mail waits.'));
  }

  /**
   * The last active attempt, or else the next one, made now; a new attempt comes after all there were when the request came
   * in. What others make meanwhile is met under the same id: two at once get the same one.
   */
  private async ensure(
    { context, orgId, assessmentId, wish }: InviteCandidate,
    pairing: Pairing,
    found: FoundAssessment,
  ): Promise<InvitedSession> {
    const now = context.receivedAt;
    for (;;) {
      const history = await this.attempts.historyOf(pairing);
      const active = activeAttempt(history, wish.newAttempt ? attemptsBefore(history, now) : 0, now);
      if (active) return { session: active, created: false };
      const last = wish.newAttempt ? history.at(-1) : undefined;
      // The same request, repeated under its Idempotency-Key after it broke off.
      if (last && (await this.attempts.madeBy(orgId, last)) === context.commandId)
        return { session: last, created: true };
      const attempt = history.length + 1;
      const invite = new InviteSession(context, orgId, {
        sessionId: attemptId(pairing, attempt),
        assessmentId,
        found,
        candidateId: pairing.candidateId,
        attempt,
        dueDate: wish.dueDate ? Date.parse(wish.dueDate) : null,
        sendEmail: wish.sendEmail,
      });
      const invited = await this.commands.execute(invite).catch((error: unknown) => {
        // Made by another call and deleted again, all since we looked.
        if (isVerbatimError(error, 'not_found')) return undefined;
        throw error;
      });
      if (invited && (invited.created || isActive(invited.session, now))) return invited;
    }
  }

  /** Whether a session may still be made is the session's decision; but nobody is registered for one that cannot be. */
  private async refuseStrangersTooLate(
    { context, orgId, wish }: InviteCandidate,
    { assessment }: FoundAssessment,
    email: string,
  ): Promise<void> {
    const dueDate = wish.dueDate ?? assessment.dueDate;
    if (dueDate === null || Date.parse(dueDate) > context.receivedAt) return;
    if (await this.candidates.findByEmail(orgId, email)) return;
    throw new VerbatimError('due_date_in_past', `The due date ${dueDate} has passed: give a later one.`, {
      param: 'dueDate',
    });
  }
}
