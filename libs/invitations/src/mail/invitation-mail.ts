import { Injectable } from '@nestjs/common';
import { streamName, subjectOf } from '#event-sourcing';
import { OpsStore } from '#ops-store';
import { derivedId } from '#platform';
import { SessionMail, type SessionState } from '#sessions';
import { OutboxFolder } from './outbox-folder.js';

const INVITATION = 'invitation';

/** Mail asked for: as references in the operational store, where the sender finds it. */
@Injectable()
export class InvitationMail extends SessionMail {
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly ops: OpsStore,
    private readonly folder: OutboxFolder,
  ) {
    super();
  }

  /**
   * Asks for a session's mail. The id follows from the session and the mail that went before: whoever asks again while
   * one is under way, be it the policy after the command or fifty callers at once, asks for the same one.
   */
  async request(orgId: string, session: SessionState, now: number): Promise<void> {
    const { sessionId, assessmentId, candidateId } = session;
    await this.ops.deliveries.add({
      id: derivedId('invitation_mail', sessionId, session.inviteDelivery?.messageId ?? ''),
      orgId,
      kind: INVITATION,
      subject: subjectOf(streamName('session', orgId, sessionId)),
      refs: { sessionId, assessmentId, candidateId },
      state: 'pending',
      attempts: 0,
      nextAttemptAt: now,
      createdAt: now,
      sentAt: null,
      lastError: null,
    });
    for (const listener of this.listeners) listener();
  }

  /** Called whenever mail was asked for in this process. Answers how to stop it. */
  onRequest(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async forgetMailOf(sessionId: string): Promise<void> {
    await this.ops.deliveries.deleteFor(`session:${sessionId}`);
    await this.folder.forget(sessionId);
  }
}
