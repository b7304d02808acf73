import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import {
  type Delivery,
  type DeliveryListRequest,
  type DeliveryState,
  type ListPlace,
  listDeliveries,
  OpsStore,
} from '#ops-store';
import { isoTime } from '#platform';
import { Letters } from '../mail/letters.js';

/** What was or will be mailed. The recipient is read when it is shown; the list itself holds references. */
export interface OutboxMessage {
  readonly id: string;
  readonly kind: string;
  /** `pending` waits for its (next) try; `kept` lies in the outbox folder, since there is no mail server. */
  readonly state: DeliveryState;
  readonly sessionId: string;
  readonly candidateId: string;
  readonly assessmentId: string;
  readonly to: string | null;
  readonly name: string | null;
  readonly subject: string | null;
  readonly inviteUrl: string | null;
  readonly attempts: number;
  readonly lastError: string | null;
  readonly createdAt: string;
  /** Of a pending message. */
  readonly nextAttemptAt: string | null;
  readonly sentAt: string | null;
}

export interface OutboxPage extends ListPlace {
  readonly messages: readonly OutboxMessage[];
}

/** Newest first. */
export class ListOutbox extends Query<OutboxPage> {
  constructor(
    readonly orgId: string,
    readonly page: Pick<DeliveryListRequest, 'limit' | 'offset' | 'after'>,
  ) {
    super();
  }
}

@QueryHandler(ListOutbox)
export class ListOutboxHandler implements IQueryHandler<ListOutbox> {
  constructor(
    private readonly ops: OpsStore,
    private readonly letters: Letters,
  ) {}

  async execute({ orgId, page }: ListOutbox): Promise<OutboxPage> {
    const { deliveries, ...place } = await listDeliveries(this.ops.deliveries, orgId, page);
    return { messages: await Promise.all(deliveries.map((delivery) => this.show(delivery))), ...place };
  }

  private async show(delivery: Delivery): Promise<OutboxMessage> {
    const { sessionId = '', candidateId = '', assessmentId = '' } = delivery.refs;
    const written = await this.letters.write(delivery);
    return {
      id: delivery.id,
      kind: delivery.kind,
      state: delivery.state,
      sessionId,
      candidateId,
      assessmentId,
      to: written?.letter.to.address ?? null,
      name: written?.letter.to.name ?? null,
      subject: written?.letter.subject ?? null,
      inviteUrl: written?.inviteUrl ?? null,
      attempts: delivery.attempts,
      lastError: delivery.lastError,
      createdAt: isoTime(delivery.createdAt),
      nextAttemptAt: delivery.state === 'pending' ? isoTime(delivery.nextAttemptAt) : null,
      sentAt: delivery.sentAt === null ? null : isoTime(delivery.sentAt),
    };
  }
}
