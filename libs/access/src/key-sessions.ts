import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Assessments } from '#assessments';
import type { CommandContext } from '#event-sourcing';
import { VerbatimError } from '#platform';
import { InviteSession, Sessions } from '#sessions';
import { invalidKey } from './access.decider.js';
import type { CandidateKeyRedeemed } from './access.events.js';

/** A key's own session: attempt 1 of itself, whatever other attempts its candidate has. */
@Injectable()
export class KeySessions {
  constructor(
    private readonly commands: CommandBus,
    private readonly assessments: Assessments,
    private readonly sessions: Sessions,
  ) {}

  /** Whether it can still be made: asked before the key is spent. @throws VerbatimError invalid_key | assessment_inactive | due_date_passed */
  async requirePossible(orgId: string, assessmentId: string, sessionId: string, now: number): Promise<void> {
    const found = await this.assessments.find(orgId, assessmentId);
    if (!found) throw invalidKey();
    if (await this.sessions.find(orgId, sessionId)) return;
    const { isActive, dueDate } = found.assessment;
    if (!isActive)
      throw new VerbatimError(
        'assessment_inactive',
        'This assessment is not active: it cannot be begun at the moment.',
      );
    if (dueDate !== null && Date.parse(dueDate) <= now)
      throw new VerbatimError(
        'due_date_passed',
        `This assessment was to be completed by ${dueDate}. Please ask whoever invited you for a later date.`,
        { details: { dueDate } },
      );
  }

  /** Makes it unless it is there. @throws VerbatimError not_found: it was deleted */
  async ensure(context: CommandContext, orgId: string, redeemed: CandidateKeyRedeemed): Promise<void> {
    const { assessmentId, candidateId, sessionId } = redeemed;
    const found = await this.assessments.find(orgId, assessmentId);
    if (!found) throw invalidKey();
    await this.commands.execute(
      new InviteSession(context, orgId, {
        sessionId,
        assessmentId,
        found,
        candidateId,
        attempt: 1,
        dueDate: null,
        sendEmail: false,
      }),
    );
  }
}
