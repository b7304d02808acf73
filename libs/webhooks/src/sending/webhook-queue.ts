import { Injectable } from '@nestjs/common';
import { streamName, subjectOf } from '#event-sourcing';
import { type Delivery, OpsStore } from '#ops-store';
import { derivedId } from '#platform';
import { PING } from '../webhook.types.js';

export const WEBHOOK_DELIVERY = 'webhook';

/** Ids to render a message from; texts all. */
export interface MessageRefs {
  readonly webhookId: string;
  /** The same for every repetition of it: what a receiver knows a message by. */
  readonly messageId: string;
  readonly event: string;
  readonly occurredAt: string;
  readonly sessionId?: string;
  /** Who or what submitted: candidate | timer | due_date. */
  readonly trigger?: string;
  readonly runId?: string;
  readonly decision?: string;
  readonly reason?: string;
  /** `true` on a scoring that is not tried again. */
  readonly final?: string;
  /** The delivery that this one repeats. */
  readonly redeliveryOf?: string;
}

/** Calls asked for: as references in the operational store, where the sender finds them. */
@Injectable()
export class WebhookQueue {
  private readonly listeners = new Set<() => void>();

  constructor(private readonly ops: OpsStore) {}

  /**
   * A session's event for one webhook. The id follows from both, so that asking again asks for the same.
   * @param position of the fact in the log: the order in which one session's messages go out
   */
  async add(
    orgId: string,
    refs: Omit<MessageRefs, 'messageId'> & { readonly sessionId: string },
    fact: { readonly id: string; readonly position: bigint },
    now: number,
  ): Promise<void> {
    const { webhookId, sessionId, event } = refs;
    const messageId = derivedId('webhook_message', fact.id, webhookId);
    // What is said of a session goes with it, but for the word that it is gone.
    const goesWith = event === 'session.deleted' ? undefined : sessionId;
    const place = String(fact.position).padStart(20, '0');
    await this.keep(
      orgId,
      messageId,
      { ...refs, messageId },
      { lane: laneOf(webhookId, sessionId), place },
      goesWith,
      now,
    );
  }

  /** Says hello. Every ping goes by itself. */
  ping(orgId: string, webhookId: string, messageId: string, occurredAt: string, now: number): Promise<Delivery> {
    const refs = { webhookId, messageId, event: PING, occurredAt };
    return this.keep(orgId, messageId, refs, { lane: laneOf(webhookId, messageId), place: '' }, undefined, now);
  }

  /** The same message under the same id, in a delivery of its own, in its old place before what came after it. */
  repeat(delivery: Delivery, id: string, now: number): Promise<Delivery> {
    const { orgId, refs, subject, queue } = delivery;
    const goesWith = subject.startsWith('session:') ? refs['sessionId'] : undefined;
    const repeated = { ...(refs as unknown as MessageRefs), redeliveryOf: delivery.id };
    return this.keep(orgId, id, repeated, queue!, goesWith, now);
  }

  /** Called whenever a call was asked for in this process. Answers how to stop it. */
  onRequest(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async keep(
    orgId: string,
    id: string,
    refs: MessageRefs,
    { lane, place }: { readonly lane: string; readonly place: string },
    sessionId: string | undefined,
    now: number,
  ): Promise<Delivery> {
    const delivery: Delivery = {
      id,
      orgId,
      kind: WEBHOOK_DELIVERY,
      subject: subjectOf(
        sessionId === undefined ? streamName('organization', orgId) : streamName('session', orgId, sessionId),
      ),
      refs: { ...refs },
      queue: { target: refs.webhookId, lane, place },
      state: 'pending',
      attempts: 0,
      nextAttemptAt: now,
      createdAt: now,
      sentAt: null,
      lastError: null,
    };
    await this.ops.deliveries.add(delivery);
    for (const listener of this.listeners) listener();
    return (await this.ops.deliveries.find(id)) ?? delivery;
  }
}

const laneOf = (webhookId: string, name: string): string => `${webhookId}/${name}`;
