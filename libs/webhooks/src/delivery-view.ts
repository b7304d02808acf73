import type { Delivery, DeliveryState } from '#ops-store';
import { isoTime } from '#platform';
import type { MessageRefs } from './sending/webhook-queue.js';

/** One message on its way to one webhook, in the log of deliveries. */
export interface DeliveryView {
  readonly id: string;
  readonly messageId: string;
  readonly event: string;
  readonly sessionId: string | null;
  /** `failed`: given up after a day of tries; it can be redelivered. */
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly redeliveryOf: string | null;
  readonly occurredAt: string;
  readonly createdAt: string;
  /** Of a pending one. */
  readonly nextAttemptAt: string | null;
  readonly deliveredAt: string | null;
}

export const deliveryView = (delivery: Delivery): DeliveryView => {
  const { id, refs, state, attempts, lastError, createdAt, nextAttemptAt, sentAt } = delivery;
  const { messageId, event, sessionId, redeliveryOf, occurredAt } = refs as unknown as MessageRefs;
  return {
    id,
    messageId,
    event,
    sessionId: sessionId ?? null,
    state,
    attempts,
    lastError,
    redeliveryOf: redeliveryOf ?? null,
    occurredAt,
    createdAt: isoTime(createdAt),
    nextAttemptAt: state === 'pending' ? isoTime(nextAttemptAt) : null,
    deliveredAt: sentAt === null ? null : isoTime(sentAt),
  };
};
