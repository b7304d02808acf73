import messages, { type ReadReq, type ReadResp } from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import type { WholeNode } from './whole-node.js';

const { ReadReq: Request } = messages;
type Action = keyof typeof Request.Nack.Action;

export interface Received {
  /** What an answer names. */
  readonly id: string;
  readonly revision: number;
  readonly retries: number;
  readonly linkStream: string | undefined;
}

/** A consumer on the wire, message by message. */
export class Reader {
  readonly messages: ReadResp[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly call: ClientDuplexStream<ReadReq, ReadResp>;
  private taken = 0;
  /** How the call ended. */
  readonly failed: Promise<unknown>;

  constructor(node: WholeNode, source: string, group: string, bufferSize = 10) {
    this.call = node.raw.read();
    const options = new Request.Options()
      .setGroupName(group)
      .setBufferSize(bufferSize)
      .setUuidOption(new Request.Options.UUIDOption().setString(new shared.Empty()));
    if (source === '$all') options.setAll(new shared.Empty());
    else options.setStreamIdentifier(identifier(source));
    this.call.write(new Request().setOptions(options));
    this.call.on('data', (message: ReadResp) => {
      this.messages.push(message);
      for (const wake of this.waiting.splice(0)) wake();
    });
    this.failed = new Promise((_, reject) => {
      this.call.on('error', (error: ServiceError) => reject(error));
    });
    this.failed.catch(() => {});
  }

  /** The id of the subscription, once it was confirmed. */
  async confirmed(): Promise<string | undefined> {
    await this.until(() => this.messages.length > 0);
    return this.messages[0]?.getSubscriptionConfirmation()?.getSubscriptionId();
  }

  get events(): readonly ReadResp.ReadEvent[] {
    return this.messages.map((message) => message.getEvent()).filter((event) => event !== undefined);
  }

  /** The next so many that were not taken before. */
  async take(count: number): Promise<Received[]> {
    await this.until(() => this.events.length >= this.taken + count);
    const taken = this.events.slice(this.taken, this.taken + count);
    this.taken += count;
    return taken.map((event) => ({
      id: (event.getLink() ?? event.getEvent())?.getId()?.getString() ?? '',
      revision: Number(event.getEvent()?.getStreamRevision() ?? -1),
      retries: event.getRetryCount(),
      linkStream: event.hasLink()
        ? Buffer.from(event.getLink()!.getStreamIdentifier()!.getStreamName_asU8()).toString()
        : undefined,
    }));
  }

  ack(...received: readonly { id: string }[]): void {
    this.call.write(new Request().setAck(new Request.Ack().setIdsList(received.map(({ id }) => uuid(id)))));
  }

  nack(action: Action, reason: string, ...received: readonly { id: string }[]): void {
    const nack = new Request.Nack()
      .setAction(Request.Nack.Action[action])
      .setReason(reason)
      .setIdsList(received.map(({ id }) => uuid(id)));
    this.call.write(new Request().setNack(nack));
  }

  leave(): void {
    this.call.cancel();
  }

  private async until(holds: () => boolean): Promise<void> {
    while (!holds())
      await Promise.race([
        this.failed,
        new Promise<void>((resolve) => {
          this.waiting.push(resolve);
        }),
      ]);
  }
}

const uuid = (text: string) => new shared.UUID().setString(text);
export const identifier = (stream: string) => new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
