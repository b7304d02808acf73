import { randomUUID } from 'node:crypto';
import {
  type EventData as ClientEvent,
  type EventStoreDBClient,
  eventTypeFilter,
  jsonEvent,
  NO_STREAM,
  persistentSubscriptionToAllSettingsFromDefaults,
  START,
} from '@eventstore/db-client';
import type { ConsumerGroups, EventData, EventStore } from '#event-store';

const TYPE = 'prompt_submitted';
const GROUP = 'bench';
const PER_STREAM = 1_000;
const BUFFER = 256;

const streamOf = (index: number): string => `session-stored.${index}`;
const data = () => ({ callerId: randomUUID(), timestampMs: Date.now(), phase: 'build', text: 'x'.repeat(330) });
const metadata = () => ({
  v: 1,
  recordedAt: new Date().toISOString(),
  commandId: randomUUID(),
  actor: { kind: 'candidate' },
});
const text = new TextDecoder();

/** One way to a log, with its own form of an event. */
export abstract class Way<Event> {
  abstract readonly event: () => Event;
  /** Appends to one stream, each time where the last append ended. */
  abstract appender(stream: string): (events: readonly Event[]) => Promise<void>;
  /** Reads so many of the filled streams; answers how many events came. */
  abstract readStreams(count: number): Promise<number>;
  /** From the start, until so many have come. */
  abstract catchUp(count: number): Promise<number>;
  /** A new group from the start, one consumer, until so many are acknowledged. */
  abstract consume(count: number): Promise<number>;

  /** Streams of a thousand, so that there is something to read. */
  async fill(count: number): Promise<void> {
    for (let at = 0; at < count / PER_STREAM; at += 1)
      await this.appender(streamOf(at))(Array.from({ length: PER_STREAM }, this.event));
  }
}

/** Through the port, whatever stands behind it. */
export class PortWay extends Way<EventData> {
  constructor(
    private readonly store: EventStore,
    private readonly groups: ConsumerGroups,
  ) {
    super();
  }

  readonly event = (): EventData => ({
    id: randomUUID(),
    type: TYPE,
    contentType: 'application/json',
    data: Buffer.from(JSON.stringify(data())),
    metadata: Buffer.from(JSON.stringify(metadata())),
  });

  appender(stream: string): (events: readonly EventData[]) => Promise<void> {
    let last: bigint | 'no_stream' = 'no_stream';
    return async (events) => {
      last = (await this.store.append(stream, last, events)).revision;
    };
  }

  async readStreams(count: number): Promise<number> {
    let found = 0;
    for (let at = 0; at < count; at += 1)
      found += (await this.store.readStream(streamOf(at), { limit: PER_STREAM })).events.length;
    return found;
  }

  async catchUp(count: number): Promise<number> {
    let parsed = 0;
    for await (const message of this.store.subscribe({ after: 'start' })) {
      if (message.kind === 'events')
        for (const event of message.events) if (JSON.parse(text.decode(event.data))) parsed += 1;
      if (parsed >= count) break;
    }
    return parsed;
  }

  async consume(count: number): Promise<number> {
    await this.groups.remove(GROUP);
    await this.groups.ensure(GROUP, { types: [TYPE], after: 'start' });
    let done = 0;
    for await (const delivery of this.groups.consume(GROUP, { buffer: BUFFER })) {
      void delivery.ack();
      done += 1;
      if (done >= count) break;
    }
    return done;
  }
}

/** Through EventStoreDB's own client, as somebody who knows nothing of Verbatim would. */
export class ClientWay extends Way<ClientEvent> {
  constructor(private readonly client: EventStoreDBClient) {
    super();
  }

  readonly event = (): ClientEvent => jsonEvent({ type: TYPE, data: data(), metadata: metadata() });

  appender(stream: string): (events: readonly ClientEvent[]) => Promise<void> {
    let last: bigint | typeof NO_STREAM = NO_STREAM;
    return async (events) => {
      const answer = await this.client.appendToStream(stream, [...events], { expectedRevision: last });
      last = answer.nextExpectedRevision;
    };
  }

  async readStreams(count: number): Promise<number> {
    let found = 0;
    for (let at = 0; at < count; at += 1)
      for await (const { event } of this.client.readStream(streamOf(at), { maxCount: PER_STREAM }))
        if (event) found += 1;
    return found;
  }

  async catchUp(count: number): Promise<number> {
    let found = 0;
    const subscription = this.client.subscribeToAll({ fromPosition: START });
    for await (const { event } of subscription) {
      if (event?.type === TYPE) found += 1;
      if (found >= count) break;
    }
    await subscription.unsubscribe();
    return found;
  }

  async consume(count: number): Promise<number> {
    await this.client.deletePersistentSubscriptionToAll(GROUP).catch(() => undefined);
    const settings = persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START });
    await this.client.createPersistentSubscriptionToAll(GROUP, settings, {
      filter: eventTypeFilter({ prefixes: [TYPE] }),
    });
    const subscription = this.client.subscribeToPersistentSubscriptionToAll(GROUP, { bufferSize: BUFFER });
    let done = 0;
    for await (const delivery of subscription) {
      void subscription.ack(delivery);
      done += 1;
      if (done >= count) break;
    }
    await subscription.unsubscribe();
    return done;
  }
}
