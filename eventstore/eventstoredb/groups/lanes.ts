import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { Connection } from '../connection.js';
import { failed, unavailable } from '../refusals.js';
import { Lane, type Message } from './lane.js';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;
/** Each event that waits for its retry keeps a place on the server; this many get a replacement. */
const MOST_EXTRA = 64;
/** How often a connection on which nothing comes is looked after: silence may be a network that lost everything. */
const WATCH_MS = 2_000;

export interface LanesOptions {
  readonly connection: Connection;
  readonly group: string;
  readonly buffer: number;
  readonly report: (error: unknown) => void;
  readonly message: (lane: Lane, message: Message) => void;
  /** What this lane sent is the server's again. */
  readonly lost: (lane: Lane) => void;
  /** Whether the server has sent no more on this connection than came here; rejects when it cannot be asked. */
  readonly isHeard: (lane: Lane) => Promise<boolean>;
  /**
   * Before each connection, since a group that was changed drops its consumers: answers what it is called on the server
   * now, or undefined when there is none any more.
   */
  readonly prepare: () => Promise<string | undefined>;
}

/**
 * A consumer's connections to its group. One, reconnected whenever it is lost; and one of a single place for each event
 * that waits for its retry, because the server counts that as unanswered and would send nothing in its stead.
 */
export class Lanes {
  readonly consumer = `verbatim-${randomUUID()}`;
  private readonly open = new Set<Lane>();
  private readonly extra = new Set<Lane>();
  private main: Lane | undefined;
  private server: string | undefined;
  private readonly ending = new AbortController();
  private connecting: Promise<void> | undefined;
  private opened = 0;
  private pause = FIRST_PAUSE_MS;

  constructor(private readonly options: LanesOptions) {}

  start(): void {
    this.connecting ??= this.connect().finally(() => {
      this.connecting = undefined;
    });
  }

  get all(): readonly Lane[] {
    return [...this.open];
  }

  /** Place for one more, while another waits. */
  async widen(): Promise<void> {
    if (this.extra.size >= MOST_EXTRA || this.ending.signal.aborted) return;
    // Not made when the connection is away: then there is nothing to be had meanwhile either.
    const lane = await this.lane(1).catch(() => undefined);
    if (lane) this.extra.add(lane);
  }

  /** One fewer, as soon as one of the extra ones holds nothing. */
  narrow(): void {
    const idle = [...this.extra].find((lane) => lane.unanswered.size === 0);
    if (idle) this.drop(idle);
  }

  cancel(): void {
    this.ending.abort();
    for (const lane of this.open) lane.cancel();
    this.open.clear();
  }

  private drop(lane: Lane): void {
    this.extra.delete(lane);
    this.open.delete(lane);
    lane.cancel();
  }

  private async connect(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted && !this.main) {
      try {
        this.server = await this.options.prepare();
        if (signal.aborted || this.server === undefined) return;
        this.main = await this.lane(this.options.buffer);
      } catch (error) {
        this.options.report(error);
        await this.wait();
      }
    }
  }

  private async wait(): Promise<void> {
    const { signal } = this.ending;
    await sleep(this.pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }

  private async lane(size: number): Promise<Lane> {
    const { connection, message } = this.options;
    const server = this.server!;
    this.opened += 1;
    const name = `${this.consumer}/${this.opened}`;
    const call = await connection.readGroup(name);
    const lane = new Lane(name, call, server, size, {
      message: (from, one) => {
        this.pause = FIRST_PAUSE_MS;
        message(from, one);
      },
      ended: (from, error) => void this.ended(from, error),
    });
    if (this.ending.signal.aborted) lane.cancel();
    else this.open.add(lane);
    void this.watch(lane);
    return lane;
  }

  private async watch(lane: Lane): Promise<void> {
    const { signal } = this.ending;
    while (lane.isOpen && !signal.aborted) {
      const { received } = lane;
      await sleep(WATCH_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || !lane.isOpen || lane.received > received) continue;
      if (!(await this.options.isHeard(lane).catch(() => false))) lane.break();
    }
  }

  private async ended(lane: Lane, error: unknown): Promise<void> {
    this.open.delete(lane);
    this.extra.delete(lane);
    this.options.lost(lane);
    if (this.ending.signal.aborted || lane !== this.main) return;
    this.main = undefined;
    const { code, details, exception } = failed(error);
    // Its group was changed, or it was too slow: that is over at once. Anything else may last.
    if (exception !== 'persistent-subscription-dropped' && code !== status.ABORTED) {
      // Another has taken its place, or none: that is looked for next.
      if (exception !== 'persistent-subscription-does-not-exist')
        this.options.report(unavailable(`group "${this.options.group}"`, details, error));
      await this.wait();
    }
    this.start();
  }
}
