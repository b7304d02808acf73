import { Due } from './due.js';

/** One that was handed out and is not done, as it is kept on disk: a reference, never contents. */
export interface SavedEntry {
  readonly position: number;
  readonly handedOut: number;
  /** Held back until then; null: due. */
  readonly dueAt: number | null;
}

/** Where a group stands: everything up to the frontier is done, but for the open ones. */
export interface SavedState {
  readonly frontier: number;
  readonly open: readonly SavedEntry[];
}

export interface GroupRules {
  readonly ackTimeoutMs: number;
  readonly maxRetries: number;
}

export interface HandOut<Body> {
  readonly position: number;
  readonly body: Body;
  /** How often it was handed out before. */
  readonly retries: number;
  /** Names this hand-out: an answer to an earlier one is stale. */
  readonly lease: number;
}

export interface Parking {
  readonly position: number;
  readonly retries: number;
  readonly reason: string;
}

/**
 * - `unread`: due again, its event has to be read anew (its stream may be gone by now);
 * - `reading`: somebody reads it, or it waits for a write to be durable;
 * - `parking`: it is being written down as parked, and open until that is durable.
 */
type Status = 'unread' | 'reading' | 'ready' | 'out' | 'held' | 'parking';

interface Entry<Body> {
  readonly position: number;
  status: Status;
  handedOut: number;
  dueAt: number;
  lease: number;
  consumer: number;
  body: Body | undefined;
}

interface Fresh<Body> {
  readonly position: number;
  readonly body: Body;
}

/** Open ones at a time. Beyond, nothing new is handed out: what is kept about them is written with every save. */
const MOST_OPEN = 10_000;

/**
 * Who holds what in one group: no clock, no file, no log. Events come in in log order (`feed`), go out to consumers
 * (`take`), and are done by `ack`, by `parked` or because their stream is `gone`.
 */
export class GroupState<Body> {
  private readonly open = new Map<number, Entry<Body>>();
  private fresh: Fresh<Body>[] = [];
  private nextFresh = 0;
  private again: Entry<Body>[] = [];
  private readonly unread = new Set<Entry<Body>>();
  private readonly held = new Due<Entry<Body>>();
  /** In the order they were handed out, which is that of their time-outs. */
  private readonly out = new Map<number, Entry<Body>>();
  /** How many each consumer holds. */
  private readonly shares = new Map<number, number>();
  private frontier: number;
  private fedTo: number;
  private leases = 0;

  constructor(
    saved: SavedState,
    public rules: GroupRules,
  ) {
    this.frontier = saved.frontier;
    this.fedTo = saved.frontier;
    for (const { position, handedOut, dueAt } of saved.open) {
      const entry = this.admit(position, handedOut);
      if (dueAt === null) this.lose(entry);
      else this.hold(entry, dueAt);
    }
  }

  /** Where the feed goes on. */
  get fed(): number {
    return this.fedTo;
  }

  /** Fed and never handed out. */
  get waiting(): number {
    return this.fresh.length - this.nextFresh;
  }

  get inFlight(): number {
    return this.out.size;
  }

  /** Everything up to here is done or parked; what is replayed is so no longer. */
  get place(): number {
    let place = this.handedTo;
    for (const position of this.open.keys()) if (position <= place) place = position - 1;
    return place;
  }

  /** The next moment at which something is due by itself. */
  get nextDue(): number | undefined {
    const heldUntil = this.held.first?.dueAt;
    const [oldest] = this.out.values();
    if (heldUntil === undefined || oldest === undefined) return heldUntil ?? oldest?.dueAt;
    return Math.min(heldUntil, oldest.dueAt);
  }

  /** Events in log order, and how far the log was looked through. */
  feed(events: readonly Fresh<Body>[], scannedTo: number): void {
    this.frontier = this.handedTo;
    for (const event of events) this.fresh.push(event);
    this.fedTo = Math.max(this.fedTo, scannedTo);
  }

  /** Forgets what was fed and not handed out, to be fed again from `fed`. */
  unfeed(): void {
    this.fedTo = this.handedTo;
    this.fresh = [];
    this.nextFresh = 0;
  }

  take(consumer: number, now: number): HandOut<Body> | undefined {
    const entry = this.again.shift() ?? this.admitFresh();
    if (!entry) return undefined;
    const { body, position } = entry;
    entry.body = undefined;
    entry.status = 'out';
    entry.consumer = consumer;
    entry.dueAt = now + this.rules.ackTimeoutMs;
    this.leases += 1;
    entry.lease = this.leases;
    entry.handedOut += 1;
    this.out.set(position, entry);
    this.shares.set(consumer, this.heldBy(consumer) + 1);
    return { position, body: body as Body, retries: entry.handedOut - 1, lease: entry.lease };
  }

  heldBy(consumer: number): number {
    return this.shares.get(consumer) ?? 0;
  }

  /** False for a stale answer, which changes nothing. */
  ack(position: number, lease: number): boolean {
    if (!this.answered(position, lease)) return false;
    this.open.delete(position);
    return true;
  }

  /** Held until `dueAt`, or what has to be parked because its retries are used up. */
  retry(position: number, lease: number, dueAt: number, reason: string): Parking | undefined {
    const entry = this.answered(position, lease);
    if (!entry) return undefined;
    if (this.isUsedUp(entry)) return this.beginParking(entry, reason);
    this.hold(entry, dueAt);
    return undefined;
  }

  /** Undefined for a stale answer. Open until `parked` or `notParked` is told. */
  park(position: number, lease: number, reason: string): Parking | undefined {
    const entry = this.answered(position, lease);
    return entry && this.beginParking(entry, reason);
  }

  /** It is durably among the parked. */
  parked(position: number): void {
    if (this.open.get(position)?.status === 'parking') this.open.delete(position);
  }

  /** Writing failed: it is tried again. */
  notParked(position: number, dueAt: number): void {
    const entry = this.open.get(position);
    if (entry?.status === 'parking') this.hold(entry, dueAt);
  }

  /** A consumer is gone: what it held is due for others. Answers what has to be parked instead. */
  release(consumer: number, reason: string): Parking[] {
    return [...this.out.values()]
      .filter((entry) => entry.consumer === consumer)
      .flatMap((one) => this.back(one, reason));
  }

  /** What the time brings: held ones are due, those unanswered for too long go back. Answers what has to be parked. */
  elapse(now: number): Parking[] {
    for (let entry = this.held.until(now); entry; entry = this.held.until(now)) this.want(entry);
    const late: Entry<Body>[] = [];
    for (const entry of this.out.values()) {
      if (entry.dueAt > now) break;
      late.push(entry);
    }
    return late.flatMap((entry) => this.back(entry, `Not answered within ${this.rules.ackTimeoutMs} ms.`));
  }

  /** Positions that are due again: each has to be `found` or `gone` (or `wanted` once more when it could not be read). */
  toRead(limit: number): number[] {
    const positions: number[] = [];
    for (const entry of this.unread) {
      if (positions.length === limit) break;
      this.unread.delete(entry);
      entry.status = 'reading';
      positions.push(entry.position);
    }
    return positions;
  }

  found(position: number, body: Body): void {
    const entry = this.open.get(position);
    if (entry?.status !== 'reading') return;
    entry.status = 'ready';
    entry.body = body;
    this.again.push(entry);
  }

  wanted(position: number): void {
    const entry = this.open.get(position);
    if (entry?.status === 'reading') this.want(entry);
  }

  /** Its stream was deleted. */
  gone(position: number): void {
    if (this.open.get(position)?.status === 'reading') this.open.delete(position);
  }

  /** Streams were deleted: what waits in memory is forgotten. What is out stays until it is answered. */
  forget(isGone: (body: Body) => boolean): void {
    this.fresh = this.fresh.slice(this.nextFresh).filter(({ body }) => !isGone(body));
    this.nextFresh = 0;
    this.again = this.again.filter((entry) => {
      const isKept = !isGone(entry.body as Body);
      if (!isKept) this.open.delete(entry.position);
      return isKept;
    });
  }

  /** Parked ones come back, their retries at 0; handed out once they are `wanted`, when that is durable. */
  replay(positions: readonly number[]): void {
    for (const position of positions) if (!this.open.has(position)) this.admit(position, 0).status = 'reading';
  }

  /** What has to be on disk to go on from here after a crash, without those that are written down as parked. */
  saved(parked: readonly Parking[] = []): SavedState {
    const leaving = new Set(parked.map(({ position }) => position));
    const open = [...this.open.values()].filter(({ position }) => !leaving.has(position));
    return {
      frontier: this.handedTo,
      open: open.map(({ position, handedOut, status, dueAt }) => ({
        position,
        handedOut,
        dueAt: status === 'held' ? dueAt : null,
      })),
    };
  }

  /** Up to here everything was handed out once, or was nothing for this group. */
  private get handedTo(): number {
    return this.waiting === 0 ? this.fedTo : this.frontier;
  }

  private admitFresh(): Entry<Body> | undefined {
    const next = this.fresh[this.nextFresh];
    if (!next || this.open.size >= MOST_OPEN) return undefined;
    this.nextFresh += 1;
    this.frontier = next.position;
    if (this.nextFresh === this.fresh.length) {
      this.fresh = [];
      this.nextFresh = 0;
    }
    const entry = this.admit(next.position, 0);
    entry.body = next.body;
    return entry;
  }

  private admit(position: number, handedOut: number): Entry<Body> {
    const entry: Entry<Body> = {
      position,
      handedOut,
      status: 'unread',
      dueAt: 0,
      lease: 0,
      consumer: 0,
      body: undefined,
    };
    this.open.set(position, entry);
    return entry;
  }

  private answered(position: number, lease: number): Entry<Body> | undefined {
    const entry = this.out.get(position);
    if (entry?.lease !== lease) return undefined;
    this.takeFrom(entry);
    return entry;
  }

  private takeFrom({ position, consumer }: Entry<Body>): void {
    this.out.delete(position);
    const share = this.heldBy(consumer) - 1;
    if (share > 0) this.shares.set(consumer, share);
    else this.shares.delete(consumer);
  }

  private back(entry: Entry<Body>, reason: string): Parking[] {
    this.takeFrom(entry);
    if (this.isUsedUp(entry)) return [this.beginParking(entry, reason)];
    this.want(entry);
    return [];
  }

  private isUsedUp({ handedOut }: Entry<Body>): boolean {
    return handedOut > this.rules.maxRetries;
  }

  private beginParking(entry: Entry<Body>, reason: string): Parking {
    entry.status = 'parking';
    return { position: entry.position, retries: entry.handedOut - 1, reason };
  }

  private hold(entry: Entry<Body>, dueAt: number): void {
    entry.status = 'held';
    entry.dueAt = dueAt;
    this.held.add(entry);
  }

  /** Whoever held it is no more: the next `elapse` takes it back, or parks what has taken too many with it. */
  private lose(entry: Entry<Body>): void {
    entry.status = 'out';
    this.out.set(entry.position, entry);
  }

  private want(entry: Entry<Body>): void {
    entry.status = 'unread';
    this.unread.add(entry);
  }
}
