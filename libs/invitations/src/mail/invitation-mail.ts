import { Injectable } from '@nestjs/common';
import { streamName, subjectOf } from '#event-sourcing';
import { OpsStore } from '#ops-store';
import { derivedId } from '#platform';
import { SessionMail, type SessionState } from '#sessions';
import { OutboxFolder } from './outbox-folder.js';

const INVITATION = 'invitation';
export const INVITATION_BY_KEY = 'key_invitation';
export const FEEDBACK = 'feedback';

export interface KeyMailRefs {
  readonly keyId: string;
  readonly candidateId: string;
  readonly assessmentId: string;
  /** The one the key opens. */
  readonly sessionId: string;
}

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
    const id = derivedId('invitation_mail', sessionId, session.inviteDelivery?.messageId ?? '');
    await this.add(orgId, id, INVITATION, { sessionId, assessmentId, candidateId }, now);
  }

  /** Asks for the mail of a key, once. It concerns the session the key will open, and goes with it. */
  async requestForKey(orgId: string, refs: KeyMailRefs, now: number): Promise<void> {
    await this.add(orgId, derivedId('key_invitation_mail', refs.keyId), INVITATION_BY_KEY, { ...refs }, now);
  }

  /** Asks for the mail with a session's feedback, once; it goes out at `from`. */
  async requestFeedback(orgId: string, session: SessionState, from: number): Promise<void> {
    const { sessionId, assessmentId, candidateId } = session;
    const id = derivedId('feedback_mail', sessionId);
    await this.add(orgId, id, FEEDBACK, { sessionId, assessmentId, candidateId }, from);
  }

  private async add(
    orgId: string,
    id: string,
    kind: string,
    refs: Readonly<Record<string, string>> & { readonly sessionId: string },
    now: number,
  ): Promise<void> {
    await this.ops.deliveries.add({
      id,
      orgId,
      kind,
      subject: subjectOf(streamName('session', orgId, refs.sessionId)),
      refs,
      queue: null,
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
