import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '#platform';
import type { WholeSettings } from '../../common/group-arguments.js';
import {
  type ConsumeOptions,
  EventStoreError,
  type GroupDelivery,
  type GroupStatus,
  type RecordedEvent,
} from '../../port/index.js';
import { Consumer, type Source } from './consumer.js';
import { type Answers, Delivery } from './delivery.js';
import { Feed } from './feed.js';
import type { StoredGroup } from './group-file.js';
import { GroupState, type Parking } from './group-state.js';
import type { GroupsDatabase } from './groups-database.js';
import { Parked } from './parked.js';
import { Saving } from './saving.js';
import type { StoredEvents } from './stored-events.js';

export interface GroupHouse {
  readonly events: StoredEvents;
  readonly file: GroupsDatabase;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
}

/** The clock is somebody else's and may be moved: due moments are looked at again this often, and when they are near. */
const LONGEST_NAP_MS = 100;
const PAUSE_MS = 1_000;
/** Events that are read again for one turn. */
const READ_AGAIN = 64;
const DEFAULT_BUFFER = 32;

/** One group at work: brings together its state, its feed, its consumers and its file. */
export class Group implements Source, Answers {
  private readonly state: GroupState<RecordedEvent>;
  private readonly saving: Saving;
  private readonly shelf: Parked;
  private readonly consumers = new Set<Consumer>();
  private readonly waiting = new Set<Consumer>();
  private readonly over = new AbortController();
  private feed: Feed | undefined;
  private reading = false;
  private nap: NodeJS.Timeout | undefined;
  private lastConsumer = 0;

  constructor(
    private readonly house: GroupHouse,
    private stored: StoredGroup,
  ) {
    const { file, report } = house;
    this.state = new GroupState(stored.state, stored);
    this.saving = new Saving(() => file.ask('save', stored.name, this.state.saved()), report);
    this.shelf = new Parked(stored.name, house, this.state);
    this.turn();
  }

  get settings(): WholeSettings {
    return this.stored;
  }

  async change(settings: WholeSettings): Promise<void> {
    await this.house.file.ask('change', this.stored.name, settings);
    const isSameFeed = settings.types.join() === this.stored.types.join();
    this.stored = { ...this.stored, ...settings };
    this.state.rules = settings;
    if (!this.feed || isSameFeed) return;
    await this.feed.stop();
    this.state.unfeed();
    this.startFeed();
  }

  consume({ buffer = DEFAULT_BUFFER, signal }: ConsumeOptions): AsyncIterator<GroupDelivery, undefined> {
    this.lastConsumer += 1;
    const consumer = new Consumer(this.lastConsumer, buffer, this, signal);
    this.consumers.add(consumer);
    if (signal?.aborted || this.over.signal.aborted) consumer.leave();
    else if (!this.feed) this.startFeed();
    return consumer;
  }

  deliver(consumer: Consumer): GroupDelivery | undefined {
    if (this.state.heldBy(consumer.id) >= consumer.buffer) return undefined;
    const handOut = this.state.take(consumer.id, this.house.clock.now());
    if (!handOut) return undefined;
    this.saving.changed();
    this.feed?.taken();
    this.watch();
    return new Delivery(this, handOut);
  }

  hungry(consumer: Consumer): void {
    this.waiting.add(consumer);
    this.turn();
  }

  left(consumer: Consumer): void {
    this.consumers.delete(consumer);
    this.waiting.delete(consumer);
    this.setAsideAll(this.state.release(consumer.id, 'Its consumer left.'));
    this.turn();
  }

  acknowledge(position: number, lease: number): void {
    if (!this.state.ack(position, lease)) return;
    this.saving.changed();
    if (this.waiting.size > 0) this.turn();
  }

  putOff(position: number, lease: number, afterMs: number, reason: string): void {
    const parking = this.state.retry(position, lease, this.house.clock.now() + afterMs, reason);
    if (parking) this.setAsideAll([parking]);
    this.saving.changed();
    this.turn();
  }

  async setAside(position: number, lease: number, reason: string): Promise<void> {
    if (this.over.signal.aborted) throw new EventStoreError('unavailable', 'The consumer groups are closed.');
    const parking = this.state.park(position, lease, reason);
    if (!parking) return;
    this.turn();
    await this.putAway([parking]);
  }

  /** A stream's events are gone. */
  forget(stream: string): void {
    this.state.forget((event) => event.stream === stream);
    this.shelf.doubt();
  }

  parked(limit: number, offset: number): ReturnType<Parked['page']> {
    return this.shelf.page(limit, offset);
  }

  async replayParked(): Promise<number> {
    const count = await this.shelf.replay();
    this.turn();
    return count;
  }

  async status(): Promise<GroupStatus> {
    const { name, types } = this.stored;
    const parked = await this.shelf.count();
    const { place, inFlight } = this.state;
    const position = place === 0 ? null : BigInt(place);
    return { group: name, types, position, inFlight, parked, consumers: this.consumers.size };
  }

  /** @param keep whether what was answered is to be written down */
  async end(keep: boolean): Promise<void> {
    this.over.abort();
    clearTimeout(this.nap);
    for (const consumer of [...this.consumers]) consumer.leave();
    await this.feed?.stop();
    await this.saving.end(keep);
  }

  private startFeed(): void {
    const { events, report } = this.house;
    this.feed = new Feed(events, this.state, this.stored.types, () => this.turn(), report);
  }

  /** Whatever changed: hands out what can be handed out. */
  private turn(): void {
    if (this.over.signal.aborted) return;
    this.setAsideAll(this.state.elapse(this.house.clock.now()));
    for (const consumer of [...this.waiting]) if (!consumer.serve()) this.waiting.delete(consumer);
    if (this.waiting.size > 0 && !this.reading) void this.readAgain();
    this.watch();
  }

  private watch(): void {
    if (this.nap || this.over.signal.aborted) return;
    const { nextDue } = this.state;
    if (nextDue === undefined) return;
    const wait = Math.min(Math.max(nextDue - this.house.clock.now(), 1), LONGEST_NAP_MS);
    this.nap = setTimeout(() => {
      this.nap = undefined;
      this.turn();
    }, wait);
  }

  /** What is due again is read anew: its stream may have been deleted since. */
  private async readAgain(): Promise<void> {
    this.reading = true;
    const { signal } = this.over;
    for (let due = this.state.toRead(READ_AGAIN); due.length > 0; due = this.state.toRead(READ_AGAIN)) {
      try {
        for (const [position, event] of await this.house.events.at(due)) {
          if (event) this.state.found(position, event);
          else this.state.gone(position);
        }
      } catch (error) {
        for (const position of due) this.state.wanted(position);
        if (!signal.aborted) this.house.report(error);
        await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
      }
      if (signal.aborted) break;
      for (const consumer of [...this.waiting]) if (!consumer.serve()) this.waiting.delete(consumer);
      if (this.waiting.size === 0) break;
    }
    this.reading = false;
  }

  private setAsideAll(parkings: readonly Parking[]): void {
    if (parkings.length > 0) this.putAway(parkings).catch(this.house.report);
  }

  private async putAway(parkings: readonly Parking[]): Promise<void> {
    try {
      await this.shelf.put(parkings);
    } catch (error) {
      for (const { position } of parkings) this.state.notParked(position, this.house.clock.now() + PAUSE_MS);
      throw error;
    } finally {
      this.turn();
    }
  }
}
