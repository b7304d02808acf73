import { Injectable, Logger } from '@nestjs/common';
import { type Delivery, OpsStore } from '#ops-store';
import { Clock, isVerbatimError } from '#platform';
import { WebhookSecrets } from '../webhook-secrets.js';
import { Webhooks } from '../webhooks.js';
import { Messages } from './messages.js';
import { nextTry } from './retries.js';
import { CallFailed, WebhookCarrier } from './webhook-carrier.js';

/** Calls to one webhook at the same time; each webhook has so many to itself. */
const AT_ONCE = 8;
const TARGETS = 64;
/** After a try that nothing is known of (the process died in it) the next one waits this long: longer than a try takes. */
const UNKNOWN_TRY_MS = 30_000;

/**
 * Sends what is due, webhook by webhook. A try is noted before it is made: whatever breaks off, it is made again under the same
 * message id. A pending message holds back the later ones of its session at that webhook, and nothing else.
 */
@Injectable()
export class WebhookSender {
  private readonly logger = new Logger(WebhookSender.name);
  /** By delivery. */
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly callsTo = new Map<string, number>();
  private ended: () => void = () => {};

  constructor(
    private readonly ops: OpsStore,
    private readonly webhooks: Webhooks,
    private readonly secrets: WebhookSecrets,
    private readonly messages: Messages,
    private readonly carrier: WebhookCarrier,
    private readonly clock: Clock,
  ) {}

  /** Starts what may go now and has room. Answers how many calls that were. */
  async sendDue(stopping?: AbortSignal): Promise<number> {
    let started = 0;
    for (const target of await this.ops.deliveries.dueTargets(this.clock.now(), TARGETS))
      started += await this.startDue(target, stopping);
    return started;
  }

  /** When no call is under way any more. */
  async idle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay.values());
  }

  /** Called when a call has ended and there is room for another. */
  onEnd(listener: () => void): void {
    this.ended = listener;
  }

  private async startDue(webhookId: string, stopping?: AbortSignal): Promise<number> {
    const room = AT_ONCE - (this.callsTo.get(webhookId) ?? 0);
    if (room <= 0 || stopping?.aborted) return 0;
    const heads = (await this.heads(webhookId)).slice(0, room);
    for (const head of heads) this.start(head, webhookId, stopping);
    return heads.length;
  }

  private start(delivery: Delivery, webhookId: string, stopping?: AbortSignal): void {
    this.count(webhookId, 1);
    const sent = this.send(delivery, stopping)
      .catch((error: unknown) => this.failed(delivery, error))
      // A store that is away: the delivery is as it was, and is looked for again.
      .catch((error: unknown) => this.logger.error(error))
      .finally(() => {
        this.underWay.delete(delivery.id);
        this.count(webhookId, -1);
        this.ended();
      });
    this.underWay.set(delivery.id, sent);
  }

  private count(webhookId: string, more: number): void {
    const calls = (this.callsTo.get(webhookId) ?? 0) + more;
    if (calls > 0) this.callsTo.set(webhookId, calls);
    else this.callsTo.delete(webhookId);
  }

  /** What may go now: the first of each lane. Those behind one that waits, wait with it. */
  private async heads(webhookId: string): Promise<readonly Delivery[]> {
    const now = this.clock.now();
    // As of before looking: one that ends meanwhile is read as it was while it was under way.
    const underWay = new Set(this.underWay.keys());
    const looked = new Set<string>();
    const heads: Delivery[] = [];
    // Those behind calls under way stay due and may fill a page: then a longer one is needed.
    for (let limit = 2 * AT_ONCE; ; limit *= 4) {
      const due = await this.ops.deliveries.due(now, limit, webhookId);
      for (const one of due) {
        const { lane } = one.queue!;
        const head = looked.has(lane) ? undefined : await this.ops.deliveries.headOf(lane);
        // What comes after a call under way goes as soon as that has arrived, and is not put off.
        if (!head || underWay.has(head.id)) looked.add(lane);
        else if (head.nextAttemptAt > now)
          await this.ops.deliveries.update(one.id, { nextAttemptAt: head.nextAttemptAt });
        else {
          looked.add(lane);
          heads.push(head);
        }
      }
      if (heads.length > 0 || due.length < limit) return heads;
    }
  }

  private async send(delivery: Delivery, stopping?: AbortSignal): Promise<void> {
    const { id, orgId, refs } = delivery;
    const attempts = delivery.attempts + 1;
    await this.ops.deliveries.update(id, { attempts, nextAttemptAt: this.clock.now() + UNKNOWN_TRY_MS });
    const webhook = await this.webhooks.find(orgId, refs['webhookId'] ?? '');
    if (!webhook?.isActive)
      return this.giveUp(delivery, delivery.attempts, webhook ? 'webhook inactive' : 'webhook deleted');
    const message = await this.messages.write(delivery);
    // Deleted since: what was said of the session goes with it.
    if (!message) return this.ops.deliveries.deleteFor(delivery.subject);
    const now = this.clock.now();
    const signed = { ...message, timestamp: Math.floor(now / 1000) };
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'Verbatim-Webhooks',
      'webhook-id': signed.id,
      'webhook-timestamp': String(signed.timestamp),
      'webhook-signature': this.secrets.sign(orgId, webhook, signed, now),
    };
    try {
      await this.carrier.carry({ url: webhook.url, headers, body: message.body }, stopping);
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      // Ours was the hand that broke it off: it counts for nothing, and the next start sends it at once.
      if (stopping?.aborted)
        return this.ops.deliveries.update(id, { attempts: delivery.attempts, nextAttemptAt: this.clock.now() });
      return this.retry(delivery, attempts, error.reason);
    }
    await this.ops.deliveries.update(id, { state: 'sent', sentAt: this.clock.now(), lastError: null });
  }

  private async retry(delivery: Delivery, attempts: number, reason: string): Promise<void> {
    const nextAttemptAt = nextTry(delivery, attempts, this.clock.now());
    if (nextAttemptAt === undefined) return this.giveUp(delivery, attempts, reason);
    await this.ops.deliveries.update(delivery.id, { nextAttemptAt, lastError: reason });
  }

  private giveUp({ id }: Delivery, attempts: number, reason: string): Promise<void> {
    return this.ops.deliveries.update(id, { state: 'failed', attempts, lastError: reason });
  }

  /**
   * A mistake of ours counts as a try, so that what cannot be sent for ever ends as failed and holds back nothing. A store
   * that is away does not: the message is looked at again soon.
   */
  private async failed(delivery: Delivery, error: unknown): Promise<void> {
    this.logger.error(error);
    if (isVerbatimError(error, 'storage_unavailable', 'busy')) {
      const { id, attempts } = delivery;
      return this.ops.deliveries.update(id, { attempts, nextAttemptAt: this.clock.now() + UNKNOWN_TRY_MS });
    }
    await this.retry(delivery, delivery.attempts + 1, 'internal error');
  }
}
