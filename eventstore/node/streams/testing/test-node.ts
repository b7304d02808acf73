import { randomUUID } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import grpc, { type StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { ChannelCredentials } from '@grpc/grpc-js';
import { openEmbeddedEventStore } from '../../../embedded/index.js';
import { type Gate, openGate } from '../../access.js';
import { featuresService } from '../../features.js';
import { EmbeddedNodeLog } from '../../log/embedded-node-log.js';
import type { NodeLog } from '../../log/node-log.js';
import { NodeServer } from '../../server.js';
import { streamsService } from '../service.js';

/** A node over a log in memory, in this process, with the official client and the bare service beside it. */
export class TestNode implements AsyncDisposable {
  private constructor(
    readonly log: NodeLog,
    readonly client: EventStoreDBClient,
    readonly raw: StreamsClient,
    /** What the service could tell nobody else. */
    readonly reported: readonly unknown[],
    private readonly ends: readonly (() => unknown)[],
  ) {}

  static async start(gate: Gate = openGate): Promise<TestNode> {
    const store = await openEmbeddedEventStore({ memory: true });
    const log = new EmbeddedNodeLog(store.engine);
    const reported: unknown[] = [];
    const report = (error: unknown): void => {
      reported.push(error);
    };
    const services = [featuresService(), streamsService(log, gate, report)];
    const server = await NodeServer.start({ host: '127.0.0.1', port: 0, services });
    const client = EventStoreDBClient.connectionString(server.connectionString);
    const raw = new grpc.StreamsClient(`127.0.0.1:${server.port}`, ChannelCredentials.createInsecure());
    const ends = [() => client.dispose(), () => raw.close(), () => server.stop(), () => store.close()];
    return new TestNode(log, client, raw, reported, ends);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.ends) await end();
  }
}

export const aStream = (): string => `stream-${randomUUID()}`;
