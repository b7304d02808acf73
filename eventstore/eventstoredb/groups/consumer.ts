import { checkPause, cutReason } from '../../common/group-arguments.js';
import type { GroupDelivery, RecordedEvent } from '../../port/index.js';
import { isSystem } from '../records.js';
import type { Lane, Message } from './lane.js';
import { Lanes, type LanesOptions } from './lanes.js';
import { LONGEST_PAUSE_MS } from './server-group.js';

/** What a consumer must know of its group. */
export interface GroupTerms {
  /** What it is called on the server. */
  readonly server: string;
  readonly types: readonly string[];
  /** Exclusive. */
  readonly after: bigint;
  readonly ackTimeoutMs: number;
  readonly maxRetries: number;
}

export interface ConsumerParts extends Pick<LanesOptions, 'connection' | 'group' | 'buffer' | 'report' | 'isHeard'> {
  /** Undefined when there is no such group. */
  readonly terms: () => Promise<GroupTerms | undefined>;
  readonly noSuchGroup: () => Error;
  /** Whether the stream is deleted, as far as can be known now. */
  readonly isDeleted: (event: RecordedEvent) => Promise<boolean>;
  readonly park: (lane: Lane, message: Message, event: RecordedEvent, reason: string) => Promise<void>;
  /** Waits until the server has taken in what was answered. */
  readonly settle: (lanes: readonly Lane[]) => Promise<void>;
  readonly left: (consumer: Consumer) => void;
}

interface Held {
  readonly lane: Lane;
  readonly message: Message;
  readonly event: RecordedEvent;
  timer: NodeJS.Timeout | undefined;
}

const OVER = { value: undefined, done: true } as const;
type Next = IteratorResult<GroupDelivery, undefined>;

/** One consumer: takes what its lanes bring, hands out as many as there is room for, and answers for them. */
export class Consumer implements AsyncIterator<GroupDelivery, undefined> {
  private readonly lanes: Lanes;
  /** Sent by the server, not handed out yet. */
  private queue: Held[] = [];
  private readonly handedOut = new Set<Held>();
  /** Of those that wait for their retry. */
  private readonly pausing = new Set<NodeJS.Timeout>();
  private readonly waiting: { resolve(next: Next): void; reject(error: unknown): void }[] = [];
  private terms: GroupTerms | undefined;
  private failure: Error | undefined;
  private leaving: Promise<void> | undefined;
  private isHandingOut = false;

  constructor(private readonly parts: ConsumerParts) {
    this.lanes = new Lanes({
      ...parts,
      prepare: () => this.learn(),
      message: (lane, message) => this.take(lane, message),
      lost: (lane) => this.forget(lane),
    });
    this.lanes.start();
  }

  next(): Promise<Next> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.leaving) return Promise.resolve(OVER);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      void this.handOut();
    });
  }

  async return(): Promise<Next> {
    await this.leave();
    return OVER;
  }

  leave(): Promise<void> {
    this.leaving ??= this.finish();
    return this.leaving;
  }

  get group(): string {
    return this.parts.group;
  }

  /** Of the server's connections, which are this consumer's. */
  get openLanes(): readonly Lane[] {
    return this.lanes.all;
  }

  private async finish(): Promise<void> {
    for (const { resolve } of this.waiting.splice(0)) resolve(OVER);
    for (const held of this.handedOut) clearTimeout(held.timer);
    for (const timer of this.pausing) clearTimeout(timer);
    this.handedOut.clear();
    this.queue = [];
    await this.parts.settle(this.lanes.all);
    this.lanes.cancel();
    this.parts.left(this);
  }

  private fail(error: Error): void {
    this.failure = error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
    void this.leave();
  }

  private async learn(): Promise<string | undefined> {
    const terms = await this.parts.terms();
    if (terms) this.terms = terms;
    else this.fail(this.parts.noSuchGroup());
    return terms?.server;
  }

  private take(lane: Lane, message: Message): void {
    const { event } = message;
    // Replayed ones come from before the group's beginning, too, if it was made anew meanwhile.
    if (!event || !this.terms || isForeign(event, message, this.terms)) {
      void lane.ack(message.id);
      return;
    }
    this.queue.push({ lane, message, event, timer: undefined });
    void this.handOut();
  }

  private forget(lane: Lane): void {
    this.queue = this.queue.filter((held) => held.lane !== lane);
    for (const held of this.handedOut)
      if (held.lane === lane) {
        clearTimeout(held.timer);
        this.handedOut.delete(held);
      }
  }

  /** One loop at a time, so that the order stays. */
  private async handOut(): Promise<void> {
    if (this.isHandingOut) return;
    this.isHandingOut = true;
    try {
      while (this.waiting.length > 0 && this.handedOut.size < this.parts.buffer) {
        const held = this.queue.shift();
        if (!held) return;
        const isDeleted = await this.parts.isDeleted(held.event);
        if (this.leaving) return;
        if (!held.lane.isOpen) continue;
        if (isDeleted) {
          void held.lane.ack(held.message.id);
          continue;
        }
        const taker = this.waiting.shift();
        if (!taker) return void this.queue.unshift(held);
        this.handedOut.add(held);
        const { ackTimeoutMs } = this.terms!;
        held.timer = setTimeout(() => this.giveUp(held), ackTimeoutMs);
        taker.resolve({ value: this.delivery(held), done: false });
      }
    } catch (error) {
      this.parts.report(error);
      // Everything that was not handed out comes again, by a new connection.
      for (const lane of this.lanes.all) lane.break();
    } finally {
      this.isHandingOut = false;
    }
  }

  private giveUp(held: Held): void {
    const reason = `no answer within ${this.terms?.ackTimeoutMs} ms`;
    this.again(held, 0, reason).catch((error: unknown) => this.parts.report(error));
  }

  private delivery(held: Held): GroupDelivery {
    const { event, message, lane } = held;
    return {
      event,
      retries: message.retries,
      ack: async () => {
        if (this.answered(held)) await lane.ack(message.id);
      },
      retry: async (afterMs, reason) => {
        checkPause(afterMs);
        await this.again(held, afterMs, reason);
      },
      park: async (reason) => {
        if (this.answered(held)) await this.parts.park(lane, message, event, cutReason(reason));
      },
    };
  }

  /** The server's own retry is immediate, so the pause is held here; a crash in between hands it out at once. */
  private async again(held: Held, afterMs: number, reason: string): Promise<void> {
    if (!this.answered(held)) return;
    const { lane, message, event } = held;
    if (message.retries >= this.terms!.maxRetries) return this.parts.park(lane, message, event, cutReason(reason));
    if (afterMs <= 0) return lane.retry(message.id, cutReason(reason));
    const timer = setTimeout(
      () => {
        this.pausing.delete(timer);
        void lane.retry(message.id, cutReason(reason)).then(() => this.lanes.narrow());
      },
      Math.min(afterMs, LONGEST_PAUSE_MS),
    );
    this.pausing.add(timer);
    await this.lanes.widen();
  }

  private answered(held: Held): boolean {
    clearTimeout(held.timer);
    const isFirst = this.handedOut.delete(held);
    if (isFirst) queueMicrotask(() => void this.handOut());
    return isFirst && held.lane.isOpen;
  }
}

const isForeign = (event: RecordedEvent, { isLink }: Message, { types, after }: GroupTerms): boolean =>
  isSystem(event) || (!isLink && (event.position <= after || !types.includes(event.type)));
