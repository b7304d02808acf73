import { setTimeout as sleep } from 'node:timers/promises';
import { groupDropped, type NodeError, tooManySubscribers } from '../errors.js';
import type { NodeEvent, Resolved } from '../log/node-log.js';
import { GroupCheckpoint } from './checkpoint.js';
import type { GroupConsumer, GroupStatus, GroupSurroundings } from './group-faces.js';
import { GroupState, type Message, type NackAction, type Parking } from './group-state.js';
import { isParkingImpossible, ParkedMessages } from './parked.js';
import { pinOf } from './pin.js';
import { LINK } from './records.js';
import type { GroupSettings } from './settings.js';
import { type GroupSource, sourceOf } from './source.js';

const MOST_READ = 1_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

/** Drives the state machine of one group: reads when there is room, sends, parks, keeps the place. */
export class Group {
  private readonly source: GroupSource;
  private readonly parkedMessages: ParkedMessages;
  private readonly checkpoint: GroupCheckpoint;
  private readonly consumers = new Map<number, GroupConsumer>();
  private readonly ended = new AbortController();
  private readonly work = new Set<Promise<void>>();
  private state: GroupState<Resolved>;
  private next = 0n;
  /** Streams deleted while a page is under way that may still hold events of theirs. */
  private readonly justDeleted = new Set<string>();
  private isLive = false;
  private lastId = 0;
  private replaying = 0;
  private roomWanted: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private checkpointedAt: number;
  private delivered = 0;

  private constructor(
    readonly settings: GroupSettings,
    private readonly around: GroupSurroundings,
  ) {
    this.source = sourceOf(around.log, settings, this.ended.signal);
    this.parkedMessages = new ParkedMessages(around.log, settings, around.now);
    this.checkpoint = new GroupCheckpoint(around.log, settings);
    this.state = new GroupState(settings, undefined);
    this.checkpointedAt = around.now();
  }

  static async start(settings: GroupSettings, around: GroupSurroundings): Promise<Group> {
    const group = new Group(settings, around);
    await group.begin();
    return group;
  }

  private async begin(): Promise<void> {
    const { startFrom } = this.settings;
    let place = await this.checkpoint.load();
    if (place === undefined && startFrom === 'end') {
      // Kept at once: what is appended while the node is away belongs to the group, too.
      place = await this.source.end();
      await this.checkpoint.write(place);
    }
    this.next = place === undefined ? (typeof startFrom === 'bigint' ? startFrom : 0n) : place + 1n;
    this.state = new GroupState(this.settings, place);
    this.replay(await this.parkedMessages.load());
    const forget = this.around.log.onStreamDeleted((stream) => this.forget(stream));
    this.ended.signal.addEventListener('abort', forget);
    this.keep(this.pump());
  }

  /** @throws NodeError when no more may join */
  join(consumer: GroupConsumer): number {
    const { maxSubscriberCount, source, group } = this.settings;
    if (maxSubscriberCount > 0 && this.consumers.size >= maxSubscriberCount) throw tooManySubscribers(source, group);
    this.lastId += 1;
    this.consumers.set(this.lastId, consumer);
    this.state.join(this.lastId, consumer.bufferSize);
    return this.lastId;
  }

  /** After the confirmation was sent: from here on it is given messages. */
  serve(): void {
    this.push();
  }

  leave(id: number): void {
    if (!this.consumers.delete(id)) return;
    this.park(this.state.leave(id));
    this.push();
  }

  ack(id: number, ids: readonly string[]): void {
    this.answered(this.state.ack(id, ids));
    this.push();
  }

  nack(id: number, ids: readonly string[], action: NackAction, reason: string): void {
    const { done, parked } = this.state.nack(id, ids, action, reason);
    this.answered(done);
    this.park(parked);
    this.push();
  }

  async replayParked(stopAt: bigint | undefined): Promise<void> {
    this.replay(await this.parkedMessages.take(stopAt));
    this.push();
  }

  /** Ends every reader's call, keeps the place. */
  async stop(error: NodeError | undefined): Promise<void> {
    this.ended.abort();
    this.roomWanted?.();
    clearTimeout(this.timer);
    for (const consumer of this.consumers.values()) if (error) consumer.end(error);
    this.consumers.clear();
    await Promise.all(this.work);
    const { place } = this.state.settled;
    if (place !== undefined) await this.checkpoint.write(place);
  }

  /** Its readers are told, its streams go. */
  async remove(): Promise<void> {
    await this.stop(groupDropped(this.settings.source, this.settings.group));
    await this.checkpoint.remove();
    await this.parkedMessages.remove();
  }

  get status(): GroupStatus {
    return {
      settings: this.settings,
      isLive: this.isLive,
      delivered: this.delivered,
      checkpoint: this.checkpoint.place,
      newest: this.source.newest,
      buffered: this.state.buffered,
      retrying: this.state.retrying,
      inFlight: this.state.inFlight,
      outstanding: this.state.outstanding,
      parked: this.parkedMessages.count,
      consumers: [...this.consumers].map(([id, consumer]) => ({ consumer, ...this.state.load(id) })),
    };
  }

  private async pump(): Promise<void> {
    const { signal } = this.ended;
    const { historyBufferSize, readBatchSize } = this.settings;
    for (let pause = FIRST_PAUSE_MS; !signal.aborted && !this.around.log.isClosed; ) {
      const room = historyBufferSize - this.state.buffered;
      if (room < Math.min(readBatchSize, historyBufferSize)) {
        await new Promise<void>((resolve) => {
          this.roomWanted = resolve;
        });
        continue;
      }
      try {
        this.justDeleted.clear();
        this.source.rearm();
        const page = await this.source.read(this.next, Math.min(Math.max(room, 1), MOST_READ));
        await this.take(page.events, page.next);
        pause = FIRST_PAUSE_MS;
        this.isLive = page.atEnd;
        if (page.atEnd) await this.source.more();
      } catch (error) {
        if (signal.aborted || this.around.log.isClosed) return;
        this.around.report(error);
        await sleep(pause, undefined, { signal }).catch(() => {});
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  private async take(events: readonly NodeEvent[], next: bigint): Promise<void> {
    const messages: Resolved[] = [];
    for (const event of events)
      messages.push(
        this.settings.resolveLinks && event.type === LINK ? await this.around.log.resolve(event) : { event },
      );
    for (const [index, message] of messages.entries())
      if (!streamsOf(message).some((stream) => this.justDeleted.has(stream)))
        this.state.offer(this.source.placeOf(events[index]!), this.messageOf(message));
    if (next > this.next) this.state.settled.skip(next - 1n);
    this.next = next;
    this.push();
  }

  private replay(messages: readonly Resolved[]): void {
    this.replaying += messages.length;
    this.state.replay(messages.map((message) => this.messageOf(message)));
  }

  private messageOf(message: Resolved): Pick<Message<Resolved>, 'id' | 'event' | 'pin'> {
    return {
      id: (message.link ?? message.event)?.id ?? '',
      event: message,
      pin: pinOf(this.settings.strategy, message),
    };
  }

  private push(): void {
    if (this.ended.signal.aborted) return;
    for (const { consumer, message } of this.state.dispatch(this.around.now())) {
      this.delivered += 1;
      this.consumers.get(consumer)?.deliver(message.event, message.retries);
    }
    if (this.state.buffered < this.settings.historyBufferSize) this.roomWanted?.();
    this.checkpointWhenDue();
    this.wakeLater();
  }

  /** Events that were read and not handed out yet must not outlive their stream. */
  private forget(stream: string): void {
    this.justDeleted.add(stream);
    this.answered(this.state.drop((message) => streamsOf(message).includes(stream)));
    this.push();
  }

  private answered(messages: readonly Message<Resolved>[]): void {
    for (const { entry } of messages) if (!entry) this.replaying -= 1;
    if (messages.some(({ entry }) => !entry) && this.replaying === 0) this.keep(this.parkedMessages.replayed());
  }

  private park(parkings: readonly Parking<Resolved>[]): void {
    for (const parking of parkings) this.keep(this.parkOne(parking));
  }

  /** Tried until it stands: a message that could not be parked is not done, and comes again after a restart. */
  private async parkOne({ message, reason }: Parking<Resolved>): Promise<void> {
    const { signal } = this.ended;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.parkedMessages.park(message.event, reason);
        break;
      } catch (error) {
        this.around.report(error);
        if (isParkingImpossible(error)) break;
        await sleep(pause, undefined, { signal }).catch(() => {});
        if (signal.aborted) return;
      }
    }
    this.answered([this.state.parked(message)]);
    this.push();
  }

  private checkpointWhenDue(): void {
    const { minCheckpointCount, maxCheckpointCount, checkpointAfterMs } = this.settings;
    const { count, place } = this.state.settled;
    const isTime = this.around.now() - this.checkpointedAt >= checkpointAfterMs;
    if (place === undefined || count === 0) return;
    if (count < maxCheckpointCount && !(isTime && count >= minCheckpointCount)) return;
    this.state.settled.countAnew();
    this.checkpointedAt = this.around.now();
    this.keep(this.checkpoint.write(place));
  }

  /** For the next time-out, or the next checkpoint that only time keeps from being written. */
  private wakeLater(): void {
    const { minCheckpointCount, checkpointAfterMs } = this.settings;
    const { count } = this.state.settled;
    const checkpointAt = count > 0 && count >= minCheckpointCount ? this.checkpointedAt + checkpointAfterMs : undefined;
    const wakes = [this.state.nextDeadline, checkpointAt].filter((at) => at !== undefined);
    clearTimeout(this.timer);
    if (wakes.length === 0) return;
    this.timer = setTimeout(
      () => {
        this.park(this.state.expire(this.around.now()));
        this.push();
      },
      Math.max(1, Math.min(...wakes) - this.around.now()),
    );
  }

  private keep(work: Promise<void>): void {
    const kept = work.catch(this.around.report).finally(() => this.work.delete(kept));
    this.work.add(kept);
  }
}

const streamsOf = ({ event, link }: Resolved): string[] =>
  [event?.stream, link?.stream].filter((stream) => stream !== undefined);
