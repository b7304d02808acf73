import type { CallOptions, RecordedEvent } from './event-store.js';

/**
 * Competing consumers: the events of some types in the whole log, handed out once each to whichever consumer of the group
 * has room, by any number of processes.
 *
 * Rules (`describeConsumerGroupsContract` in `../contract` holds every implementation to them):
 * - At least once: an event is done when it was acknowledged or parked, and handed out again until then, also after a
 *   crash of the consumer, of the store, or of both. A consumer must bear seeing an event again.
 * - Roughly in log order; a retried event comes later, and two consumers see neighbours at the same time.
 * - An event that is acknowledged is not handed out again, but for the few whose acknowledgement a crash of the store took.
 * - Events of deleted streams are never handed out, and are no longer among the parked.
 */
export interface GroupSettings {
  /** Only these event types; at least one. */
  readonly types: readonly string[];
  /** Where a new group begins (exclusive); honoured the first time only, like the group's name it never changes. */
  readonly after: bigint | 'start' | 'end';
  /** A delivery without an answer for this long is handed out again, though its consumer lives. Default 30,000 ms. */
  readonly ackTimeoutMs?: number;
  /** How often an event is handed out again before it is parked by itself. Default 10. */
  readonly maxRetries?: number;
}

export interface GroupDelivery {
  readonly event: RecordedEvent;
  /** How often it was handed out before, or sent to a consumer that left before it took it: 0 the first time. */
  readonly retries: number;
  /** Done. Answering a delivery a second time, or after its time-out, changes nothing. */
  ack(): Promise<void>;
  /** Not yet: hand it out again after this long (to anybody), or park it when `maxRetries` is used up. */
  retry(afterMs: number, reason: string): Promise<void>;
  /** Set aside until somebody replays it. Durable when answered. `reason` holds no personal data; it is cut at 1,000 characters. */
  park(reason: string): Promise<void>;
}

export interface ParkedEvent {
  readonly event: RecordedEvent;
  readonly reason: string;
  /** ISO-8601 UTC. */
  readonly parkedAt: string;
  readonly retries: number;
}

export interface GroupStatus {
  readonly group: string;
  readonly types: readonly string[];
  /** Everything up to here is done or parked; null when nothing is yet. */
  readonly position: bigint | null;
  /** Handed out and not answered. */
  readonly inFlight: number;
  readonly parked: number;
  readonly consumers: number;
}

export interface ConsumeOptions extends CallOptions {
  /** Most unanswered deliveries this consumer holds at a time, 1–1,000. Default 32. */
  readonly buffer?: number;
}

export abstract class ConsumerGroups {
  /**
   * Makes the group, or brings its settings up to date without losing its place; safe at every start, by many at once.
   * Names are 1–128 of `A–Z a–z 0–9 . _ -`.
   * @throws EventStoreError invalid_argument | unavailable
   */
  abstract ensure(group: string, settings: GroupSettings): Promise<void>;

  /**
   * Deliveries until the signal aborts, the consumer returns or the store is closed; what it holds unanswered is then
   * handed to others at once. Trouble with the store is ridden out inside, as by `EventStore.subscribe`.
   * @throws EventStoreError invalid_argument when there is no such group
   */
  abstract consume(group: string, options?: ConsumeOptions): AsyncIterable<GroupDelivery>;

  /** Oldest first. */
  abstract parked(group: string, page: { limit: number; offset: number }): Promise<readonly ParkedEvent[]>;

  /** Hands every parked event out again, its retries at 0; answers how many. */
  abstract replayParked(group: string): Promise<number>;

  /** Undefined when there is no such group. */
  abstract status(group: string): Promise<GroupStatus | undefined>;

  /** Forgets the group with its place and its parked events. No error when there is none. */
  abstract remove(group: string): Promise<void>;

  /** Ends every consumer, keeps what was answered. */
  abstract close(): Promise<void>;
}
