import { type Entry, Settled } from './settled.js';
import { type Seat, type Strategy, type StrategyName, strategyOf } from './strategies.js';

export interface GroupRules {
  readonly strategy: StrategyName;
  readonly maxRetryCount: number;
  /** 0: a message may take for ever. */
  readonly messageTimeoutMs: number;
}

/** One event on its way through the group. */
export interface Message<Event> {
  /** What an answer names: the link's id when there is one. */
  readonly id: string;
  readonly event: Event;
  /** Messages with the same pin belong together. */
  readonly pin: string;
  /** Its place in the log; undefined for a replayed one, whose place was passed when it was parked. */
  readonly entry: Entry | undefined;
  retries: number;
}

export interface Delivery<Event> {
  readonly consumer: number;
  readonly message: Message<Event>;
}

export interface Parking<Event> {
  readonly message: Message<Event>;
  readonly reason: string;
}

export type NackAction = 'unknown' | 'park' | 'retry' | 'skip' | 'stop';

interface OnItsWay<Event> {
  readonly message: Message<Event>;
  readonly consumer: Consumer<Event>;
  readonly deadline: number;
  isAnswered: boolean;
}

class Consumer<Event> implements Seat {
  /** By id; ids of different streams may be the same, so each holds its own row. */
  readonly unanswered = new Map<string, OnItsWay<Event>[]>();
  inFlight = 0;
  total = 0;

  constructor(
    readonly id: number,
    readonly size: number,
  ) {}

  get hasRoom(): boolean {
    return this.inFlight < this.size;
  }
}

/**
 * A persistent subscription's group as a state machine: no I/O, no clock. Whoever drives it reads events when there is
 * room, sends what `dispatch` says, and writes what is to be parked.
 */
export class GroupState<Event> {
  readonly settled: Settled;
  private readonly strategy: Strategy;
  private consumers: Consumer<Event>[] = [];
  private fresh: Message<Event>[] = [];
  /** Retried and replayed ones: they come before what is new. */
  private urgent: Message<Event>[] = [];
  /** In the order of their deadlines, since all have the same time. */
  private deadlines: OnItsWay<Event>[] = [];
  private parking = 0;

  constructor(
    private readonly rules: GroupRules,
    after: bigint | undefined,
  ) {
    this.settled = new Settled(after);
    this.strategy = strategyOf(rules.strategy);
  }

  get buffered(): number {
    return this.fresh.length;
  }

  get retrying(): number {
    return this.urgent.length;
  }

  get inFlight(): number {
    return this.consumers.reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  /** Handed out or being parked: not done. */
  get outstanding(): number {
    return this.inFlight + this.parking;
  }

  get consumerCount(): number {
    return this.consumers.length;
  }

  load(id: number): { readonly inFlight: number; readonly total: number; readonly free: number } {
    const { inFlight = 0, total = 0, size = 0 } = this.find(id) ?? {};
    return { inFlight, total, free: Math.max(0, size - inFlight) };
  }

  join(id: number, size: number): void {
    this.consumers.push(new Consumer(id, size));
  }

  /** What it had not answered goes to others, as a retry. */
  leave(id: number): Parking<Event>[] {
    const gone = this.find(id);
    if (!gone) return [];
    this.consumers = this.consumers.filter((consumer) => consumer !== gone);
    this.strategy.left(id);
    const lost = [...gone.unanswered.values()].flat();
    for (const one of lost) one.isAnswered = true;
    return this.again(lost.map(({ message }) => message));
  }

  offer(place: bigint, message: Omit<Message<Event>, 'entry' | 'retries'>): void {
    this.fresh.push({ ...message, entry: this.settled.begin(place), retries: 0 });
  }

  /** Parked ones, handed out again as if never tried. */
  replay(messages: readonly Omit<Message<Event>, 'entry' | 'retries'>[]): void {
    for (const message of messages) this.urgent.push({ ...message, entry: undefined, retries: 0 });
  }

  /** What waits and is no more: done, without anybody having had it. */
  drop(isGone: (event: Event) => boolean): Message<Event>[] {
    const waiting = [...this.urgent, ...this.fresh];
    this.urgent = this.urgent.filter(({ event }) => !isGone(event));
    this.fresh = this.fresh.filter(({ event }) => !isGone(event));
    return waiting.filter(({ event }) => isGone(event)).map((message) => this.done(message));
  }

  dispatch(now: number): Delivery<Event>[] {
    const sent: Delivery<Event>[] = [];
    this.urgent = this.handOut(this.urgent, now, sent);
    if (this.urgent.length === 0 || this.strategy.looksFurther) this.fresh = this.handOut(this.fresh, now, sent);
    return sent;
  }

  /** Ids that this consumer does not hold are ignored. Answers what is done. */
  ack(consumer: number, ids: readonly string[]): Message<Event>[] {
    return this.take(consumer, ids).map((message) => this.done(message));
  }

  nack(
    consumer: number,
    ids: readonly string[],
    action: NackAction,
    reason: string,
  ): { done: Message<Event>[]; parked: Parking<Event>[] } {
    const messages = this.take(consumer, ids);
    switch (action) {
      case 'park':
        this.parking += messages.length;
        return {
          done: [],
          parked: messages.map((message) => ({ message, reason: `Client explicitly NAK'ed message.\n${reason}` })),
        };
      case 'retry':
      case 'unknown':
        return { done: [], parked: this.again(messages) };
      case 'skip':
      case 'stop':
        return { done: messages.map((message) => this.done(message)), parked: [] };
    }
  }

  /** Those whose time is over go out again, though their consumer lives. */
  expire(now: number): Parking<Event>[] {
    const late: Message<Event>[] = [];
    for (let one = this.deadlines[0]; one && (one.isAnswered || one.deadline <= now); one = this.deadlines[0]) {
      this.deadlines.shift();
      if (one.isAnswered) continue;
      this.forget(one);
      late.push(one.message);
    }
    return this.again(late);
  }

  /** When `expire` has something to do; undefined: never. */
  get nextDeadline(): number | undefined {
    while (this.deadlines[0]?.isAnswered) this.deadlines.shift();
    return this.deadlines[0]?.deadline;
  }

  /** It is durable in the parked stream. */
  parked(message: Message<Event>): Message<Event> {
    this.parking -= 1;
    return this.done(message);
  }

  private done(message: Message<Event>): Message<Event> {
    if (message.entry) this.settled.done(message.entry);
    return message;
  }

  private again(messages: readonly Message<Event>[]): Parking<Event>[] {
    const { maxRetryCount } = this.rules;
    const exhausted = messages.filter(({ retries }) => retries >= maxRetryCount);
    const retried = messages.filter(({ retries }) => retries < maxRetryCount);
    for (const message of retried) message.retries += 1;
    this.urgent.push(...retried);
    this.parking += exhausted.length;
    return exhausted.map((message) => ({ message, reason: `Reached retry count of ${maxRetryCount}` }));
  }

  private handOut(queue: Message<Event>[], now: number, sent: Delivery<Event>[]): Message<Event>[] {
    if (!this.consumers.some(({ hasRoom }) => hasRoom)) return queue;
    const kept: Message<Event>[] = [];
    for (const [index, message] of queue.entries()) {
      const seat = this.strategy.choose(this.consumers, message.pin);
      if (seat) {
        this.hand(message, this.find(seat.id)!, now);
        sent.push({ consumer: seat.id, message });
      } else if (this.strategy.looksFurther) kept.push(message);
      else return queue.slice(index);
    }
    return kept;
  }

  private hand(message: Message<Event>, consumer: Consumer<Event>, now: number): void {
    const { messageTimeoutMs } = this.rules;
    const one = { message, consumer, deadline: now + messageTimeoutMs, isAnswered: false };
    if (messageTimeoutMs > 0) this.deadlines.push(one);
    const same = consumer.unanswered.get(message.id);
    if (same) same.push(one);
    else consumer.unanswered.set(message.id, [one]);
    consumer.inFlight += 1;
    consumer.total += 1;
  }

  private take(id: number, ids: readonly string[]): Message<Event>[] {
    const consumer = this.find(id);
    const taken: Message<Event>[] = [];
    for (const wanted of consumer ? ids : []) {
      const [one] = consumer?.unanswered.get(wanted) ?? [];
      if (!one) continue;
      this.forget(one);
      taken.push(one.message);
    }
    return taken;
  }

  private forget(one: OnItsWay<Event>): void {
    const { unanswered } = one.consumer;
    const left = (unanswered.get(one.message.id) ?? []).filter((other) => other !== one);
    if (left.length > 0) unanswered.set(one.message.id, left);
    else unanswered.delete(one.message.id);
    one.consumer.inFlight -= 1;
    one.isAnswered = true;
  }

  private find(id: number): Consumer<Event> | undefined {
    return this.consumers.find((consumer) => consumer.id === id);
  }
}
