import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EventStoreDBClient, jsonEvent, type RecordedEvent, StreamNotFoundError } from '@eventstore/db-client';
import grpc from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import { ChannelCredentials, type ServiceError } from '@grpc/grpc-js';
import { openEmbeddedEventStore } from '../../embedded/index.js';
import { type Gate, openGate } from '../access.js';
import { EmbeddedNodeLog } from '../log/embedded-node-log.js';
import { type RunningNode, startNode } from '../node.js';

type PersistentClient = InstanceType<typeof grpc.PersistentSubscriptionsClient>;

/** The whole node on a directory of its own, which can be stopped and started again, with clients of it. */
export class WholeNode implements AsyncDisposable {
  readonly reported: unknown[] = [];
  private parts: { node: RunningNode; client: EventStoreDBClient; raw: PersistentClient; close: () => Promise<void> };

  private constructor(private readonly directory: string) {}

  static async start(gate: Gate = openGate): Promise<WholeNode> {
    const whole = new WholeNode(await mkdtemp(join(tmpdir(), 'verbatim-node-')));
    await whole.begin(gate);
    return whole;
  }

  get client(): EventStoreDBClient {
    return this.parts.client;
  }

  /** The bare service, where the official client hides what the server says. */
  get raw(): PersistentClient {
    return this.parts.raw;
  }

  get port(): number {
    return this.parts.node.port;
  }

  async restart(): Promise<void> {
    await this.end();
    await this.begin(openGate);
  }

  /** The server alone, while its clients go on. */
  stopServing(): Promise<void> {
    return this.parts.node.stop();
  }

  /** Appends so many events of type `thing` whose data is their number. */
  async append(stream: string, count: number, first = 0): Promise<void> {
    const events = Array.from({ length: count }, (_, index) =>
      jsonEvent({ type: 'thing', data: { n: first + index } }),
    );
    await this.client.appendToStream(stream, events);
  }

  async events(stream: string): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    try {
      for await (const { event, link } of this.client.readStream(stream)) events.push((link ?? event)!);
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    return events;
  }

  /** For what the node writes by itself, a moment later. */
  async eventually(stream: string, count: number): Promise<RecordedEvent[]> {
    for (const end = Date.now() + 10_000; ; await sleep(10)) {
      const events = await this.events(stream);
      if (events.length >= count) return events;
      if (Date.now() > end) throw new Error(`${stream} has ${events.length} events, not ${count}.`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await rm(this.directory, { recursive: true, force: true });
  }

  private async begin(gate: Gate): Promise<void> {
    const store = await openEmbeddedEventStore({ directory: this.directory });
    const node = await startNode({
      log: new EmbeddedNodeLog(store.engine),
      gate,
      host: '127.0.0.1',
      port: 0,
      tls: undefined,
      now: Date.now,
      report: (error) => this.reported.push(error),
    });
    this.parts = {
      node,
      client: EventStoreDBClient.connectionString(node.connectionString),
      raw: new grpc.PersistentSubscriptionsClient(`127.0.0.1:${node.port}`, ChannelCredentials.createInsecure()),
      close: () => store.close(),
    };
  }

  private async end(): Promise<void> {
    const { node, client, raw, close } = this.parts;
    await client.dispose();
    raw.close();
    await node.stop();
    await close();
  }
}

export const aName = (kind = 'stream'): string => `${kind}-${randomUUID()}`;

export interface Failed {
  readonly code: number;
  readonly details: string;
  readonly trailers: Readonly<Record<string, unknown>>;
}

const OF_HTTP = ['content-type', 'date', 'content-length'];

/** What a refused call says. It is a mistake when it was not refused. */
export const failureOf = (call: Promise<unknown>): Promise<Failed> =>
  call.then(
    () => Promise.reject(new Error('It was not refused.')),
    ({ code, details, metadata }: ServiceError) => ({
      code,
      details,
      trailers: Object.fromEntries(Object.entries(metadata.getMap()).filter(([key]) => !OF_HTTP.includes(key))),
    }),
  );
