import messages, { type ReadReq } from '@eventstore/db-client/generated/persistent_pb.js';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { type Gate, requireRead, requireWrite } from '../access.js';
import { asNodeError, type NodeError } from '../errors.js';
import type { Frames } from '../frames.js';
import { Outbox } from '../outbox.js';
import { encodeConfirmation, encodeReadEvent } from '../streams/read-encoding.js';
import { textOfUuid } from '../uuids.js';
import type { Group } from './group.js';
import type { NackAction } from './group-state.js';
import { sourceNameOf } from './requests.js';
import { groupId } from './settings.js';
import type { PersistentSubscriptions } from './subscriptions.js';

export type ReadCall = ServerDuplexStream<ReadReq, Frames>;

const { Action } = messages.ReadReq.Nack;
const ACTIONS: Readonly<Record<number, NackAction>> = {
  [Action.UNKNOWN]: 'unknown',
  [Action.PARK]: 'park',
  [Action.RETRY]: 'retry',
  [Action.SKIP]: 'skip',
  [Action.STOP]: 'stop',
};

/** One reader of a group: its first message says of which, the others answer what it was given. */
export class ReadOfGroup {
  private readonly outbox: Outbox;
  private joined: { readonly group: Group; readonly id: number } | undefined;
  /** Answers that came while the reader was still being let in. */
  private admitting: Promise<void> | undefined;
  private isOver = false;

  constructor(
    private readonly call: ReadCall,
    private readonly gate: Gate,
    private readonly subscriptions: PersistentSubscriptions,
    private readonly report: (error: unknown) => void,
  ) {
    this.outbox = new Outbox(call);
    call.on('data', (request: ReadReq) => this.hear(request));
    call.on('end', () => this.finish());
    call.on('cancelled', () => this.finish());
    call.on('error', () => this.leave());
    call.on('close', () => this.leave());
  }

  private hear(request: ReadReq): void {
    const options = request.getOptions();
    if (options && !this.admitting) {
      this.admitting = this.admit(options).catch((error) => this.fail(error));
      return;
    }
    if (this.joined) this.answer(request);
    else void this.admitting?.then(() => this.answer(request));
  }

  private async admit(options: ReadReq.Options): Promise<void> {
    const rights = await this.gate.admit(this.call);
    requireWrite(rights);
    const source = sourceNameOf(options);
    requireRead(rights, source);
    if (this.isOver) return;
    const group = this.subscriptions.find(source, options.getGroupName());
    const form = options.getUuidOption()?.hasStructured() ? 'structured' : 'string';
    const id = group.join({
      user: rights.user,
      from: this.call.getPeer(),
      connectionName: String(this.call.metadata.get('connection-name')[0] ?? ''),
      bufferSize: options.getBufferSize(),
      deliver: (message, retries) => this.outbox.send(encodeReadEvent(message, form, retries)),
      end: (error) => this.fail(error),
    });
    this.joined = { group, id };
    this.outbox.send(encodeConfirmation(groupId(group.settings)));
    group.serve();
  }

  private answer(request: ReadReq): void {
    if (!this.joined) return;
    const { group, id } = this.joined;
    const ack = request.getAck();
    if (ack) group.ack(id, idsOf(ack));
    const nack = request.getNack();
    if (nack) group.nack(id, idsOf(nack), ACTIONS[nack.getAction()] ?? 'unknown', nack.getReason());
  }

  private finish(): void {
    this.leave();
    this.outbox.flush();
    this.call.end();
  }

  private fail(error: unknown): void {
    if (this.isOver) return;
    const known: NodeError = asNodeError(error);
    if (known !== error) this.report(error);
    this.leave();
    this.outbox.flush();
    this.call.emit('error', known);
  }

  private leave(): void {
    this.isOver = true;
    const { joined } = this;
    this.joined = undefined;
    joined?.group.leave(joined.id);
  }
}

const idsOf = (answer: ReadReq.Ack | ReadReq.Nack): string[] =>
  answer
    .getIdsList()
    .map(textOfUuid)
    .filter((id) => id !== undefined);
