import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Assessments } from '#assessments';
import { Candidates } from '#candidates';
import type { Delivery } from '#ops-store';
import { GetOrganization } from '#organizations';
import { isoTime } from '#platform';
import { effectiveDueDate, type SessionState, Sessions } from '#sessions';
import { InviteLinks } from '../invite-links.js';
import { FeedbackLetters } from './feedback-letters.js';
import { writeInvitation } from './invitation-letter.js';
import { FEEDBACK, INVITATION_BY_KEY } from './invitation-mail.js';
import { KeyLetters } from './key-letters.js';
import type { Letter } from './letter-text.js';

export interface Written {
  readonly letter: Letter;
  /** Null of whatever is no invitation by link. */
  readonly inviteUrl: string | null;
  /** Why it must not go out any more; null when it may. */
  readonly withheld:
    | 'session_closed'
    | 'candidate_removed'
    | 'key_revoked'
    | 'key_expired'
    | 'feedback_withdrawn'
    | null;
}

/** Writes a delivery's letter from what the streams say now. */
@Injectable()
export class Letters {
  constructor(
    private readonly sessions: Sessions,
    private readonly candidates: Candidates,
    private readonly assessments: Assessments,
    private readonly links: InviteLinks,
    private readonly queries: QueryBus,
    private readonly byKey: KeyLetters,
    private readonly feedback: FeedbackLetters,
  ) {}

  /** Undefined when the session is gone, and its mail with it. */
  write(delivery: Delivery): Promise<Written | undefined> {
    if (delivery.kind === INVITATION_BY_KEY) return this.byKey.write(delivery);
    if (delivery.kind === FEEDBACK) return this.feedback.write(delivery);
    return this.writeInvitation(delivery);
  }

  private async writeInvitation({ orgId, refs }: Delivery): Promise<Written | undefined> {
    const { sessionId = '', candidateId = '', assessmentId = '' } = refs;
    const session = (await this.sessions.find(orgId, sessionId))?.state;
    if (!session) return undefined;
    const [profiles, registered, names, organization] = await Promise.all([
      this.candidates.profiles(orgId, [candidateId]),
      this.candidates.find(orgId, candidateId),
      this.assessments.names(orgId, [assessmentId]),
      this.queries.execute(new GetOrganization(orgId)),
    ]);
    const profile = profiles.get(candidateId);
    const inviteUrl = this.links.of(orgId, sessionId);
    const letter = writeInvitation({
      candidateName: profile?.name ?? '',
      candidateEmail: profile?.email ?? '',
      assessmentName: names.get(assessmentId) ?? '',
      organizationName: organization.name,
      inviteUrl,
      ...timesOf(session),
    });
    return { letter, inviteUrl, withheld: withheld(session, registered !== undefined) };
  }
}

const withheld = (session: SessionState, isRegistered: boolean): Written['withheld'] => {
  if (session.closedAt !== null) return 'session_closed';
  return isRegistered ? null : 'candidate_removed';
};

const timesOf = (session: SessionState) => {
  const dueDate = effectiveDueDate(session);
  return {
    dueDate: dueDate === null ? null : isoTime(dueDate),
    setupMinutes: session.plan.setupTimeMinutes,
    taskMinutes: session.plan.phases.reduce((sum, phase) => sum + phase.timeMinutes, 0),
  };
};
