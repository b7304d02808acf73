import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Assessments } from '#assessments';
import { type CommandContext, type Fact, type Policy, parseStream } from '#event-sourcing';
import { isVerbatimError } from '#platform';
import { CancelSession } from '../commands/cancel-session.js';
import { InheritDueDate } from '../commands/inherit-due-date.js';
import { OpenSessions } from '../open-sessions.js';
import type { SessionInvited } from '../session.events.js';

/**
 * What of an assessment reaches its sessions after they were invited: the due date, and its end. An invitation looks too,
 * because it may have been decided before such a change and written after it, where the change could not see it.
 */
@Injectable()
export class FollowAssessment implements Policy {
  readonly name = 'sessions-follow-assessment';
  readonly types = ['assessment_due_date_changed', 'assessment_deleted', 'session_invited'];

  constructor(
    private readonly commands: CommandBus,
    private readonly assessments: Assessments,
    private readonly openSessions: OpenSessions,
  ) {}

  async react(fact: Fact, context: CommandContext): Promise<void> {
    const { orgId, id } = parseStream(fact.stream);
    if (fact.type === 'session_invited') {
      const { assessmentId, assessmentRevision } = fact.data as SessionInvited;
      return this.tell(context, orgId, id, assessmentId, assessmentRevision);
    }
    for await (const sessionId of this.openSessions.of(orgId, id, fact.position))
      await this.tell(context, orgId, sessionId, id, fact.revision - 1);
  }

  /** The assessment as it is now, not as it was when the fact was written: told late, it is still the last word. */
  private async tell(
    context: CommandContext,
    orgId: string,
    sessionId: string,
    assessmentId: string,
    known: number,
  ): Promise<void> {
    const found = await this.assessments.find(orgId, assessmentId);
    if (!found) return this.cancel(context, orgId, sessionId);
    if (found.revision <= known) return;
    const { dueDate } = found.assessment;
    const moment = dueDate === null ? null : Date.parse(dueDate);
    await this.commands.execute(new InheritDueDate(context, orgId, sessionId, moment, found.revision));
  }

  private async cancel(context: CommandContext, orgId: string, sessionId: string): Promise<void> {
    try {
      await this.commands.execute(new CancelSession(context, orgId, sessionId, 'The assessment was deleted.'));
    } catch (error) {
      // Submitted or deleted in the meantime: there is nothing left to cancel.
      if (!isVerbatimError(error, 'invalid_status_transition', 'not_found')) throw error;
    }
  }
}
