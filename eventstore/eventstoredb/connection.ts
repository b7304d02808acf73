import { EventStoreDBClient, isCommandError, UnavailableError } from '@eventstore/db-client';
import persistentGrpc from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import type { ReadReq as GroupReadReq } from '@eventstore/db-client/generated/persistent_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { ReadReq, TombstoneReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientDuplexStream, ClientReadableStream, Client as GrpcClient, ServiceError } from '@grpc/grpc-js';
import { EventStoreError } from '../port/index.js';
import { connectionRefusal } from './refusals.js';
import { type AppendAnswer, decodeAppendAnswer } from './wire/append-response.js';
import { decodeReadMessage, type ReadMessage } from './wire/read-response.js';

const { StreamsClient, StreamsService } = streamsGrpc;
const { PersistentSubscriptionsClient, PersistentSubscriptionsService } = persistentGrpc;

/** Takes messages that are encoded already. */
export type AppendCall = ClientDuplexStream<Buffer, AppendAnswer>;
export type ReadCall = ClientReadableStream<ReadMessage>;
export type GroupCall = ClientDuplexStream<GroupReadReq, ReadMessage>;

/** Discovery asks each seed for this long at most, and may ask ten times. */
const CONNECT_MS = 5_000;
/** The client asks once what its server can do, without a deadline. */
const ASK_MS = 10_000;

/**
 * One official client: its connection string, discovery, credentials, reconnecting and service definitions. Its methods
 * for events are not used, because they turn JSON into values and back: bytes that went in would not come out again. The
 * calls are made here, so nothing of its process-wide append bank is in play either; and what events travel in is written
 * and read by hand (`wire/`), since the generated classes took half of a reader's time.
 */
export class Connection {
  private readonly calls = new Set<{ cancel(): void }>();
  private closed = false;

  private constructor(
    private readonly client: EventStoreDBClient,
    private readonly askMs: number,
  ) {}

  /** @throws EventStoreError invalid_argument */
  static to(url: string, askMs = ASK_MS): Connection {
    try {
      return new Connection(EventStoreDBClient.connectionString(url), askMs);
    } catch (error) {
      throw new EventStoreError(
        'invalid_argument',
        `The URL of the event store cannot be used: ${(error as Error).message} It looks like ` +
          'esdb://host:2113?tls=false or esdb+discover://cluster.example:2113.',
        {},
      );
    }
  }

  /** @throws EventStoreError unavailable */
  read(request: ReadReq, deadline: number): Promise<ReadCall> {
    return this.open('read', async () =>
      this.client['GRPCStreamCreator'](StreamsClient, 'read', (streams) =>
        streams.makeServerStreamRequest(
          StreamsService.read.path,
          StreamsService.read.requestSerialize,
          decodeReadMessage,
          request,
          ...this.client['callArguments']({ requiresLeader: true }, { deadline }),
        ),
      )(),
    );
  }

  batchAppend(): Promise<AppendCall> {
    return this.open('append', async () =>
      this.client['GRPCStreamCreator'](StreamsClient, 'append', (streams) =>
        streams.makeBidiStreamRequest(
          StreamsService.batchAppend.path,
          asItIs,
          decodeAppendAnswer,
          ...this.client['callArguments']({ requiresLeader: true }, { deadline: Infinity }),
        ),
      )(),
    );
  }

  /** `name` tells this consumer from others in what the server says about its connections. */
  readGroup(name: string): Promise<GroupCall> {
    return this.open('consume', async () =>
      this.client['GRPCStreamCreator'](PersistentSubscriptionsClient, 'consume', (groups) => {
        const [metadata, options] = this.client['callArguments']({}, { deadline: Infinity });
        metadata.set('connection-name', name);
        const { path, requestSerialize } = PersistentSubscriptionsService.read;
        return groups.makeBidiStreamRequest(path, requestSerialize, decodeReadMessage, metadata, options);
      })(),
    );
  }

  /** Rejects with the gRPC error as it came. */
  async tombstone(request: TombstoneReq, deadlineMs: number): Promise<void> {
    if (this.closed) throw closedRefusal();
    await this.client['execute'](
      StreamsClient,
      'tombstone',
      (streams) =>
        new Promise<void>((resolve, reject) => {
          const [metadata, options] = this.client['callArguments']({ requiresLeader: true, deadline: deadlineMs });
          const call = streams.tombstone(request, metadata, options, (error: ServiceError | null) => {
            this.calls.delete(call);
            if (error) reject(error);
            else resolve();
          });
          this.calls.add(call);
        }),
    );
  }

  /** A call of the client's own that is about no events. @throws EventStoreError unavailable */
  async ask<Answer>(doing: string, asking: (client: EventStoreDBClient) => Promise<Answer>): Promise<Answer> {
    if (this.closed) throw closedRefusal();
    try {
      return await within(this.askMs, asking(this.client));
    } catch (error) {
      if (error instanceof TooLate) await this.renew().catch(() => undefined);
      throw error instanceof Error && isCommandError(error) ? error : connectionRefusal(doing, error);
    }
  }

  /**
   * The next call gets a connection of its own. For one on which nothing comes back any more: TCP says so only after
   * minutes, and the client itself reconnects only when a call fails.
   */
  async renew(): Promise<void> {
    const streams = await within<GrpcClient>(CONNECT_MS, this.client['getGRPCClient'](StreamsClient, 'renew'));
    await this.client['handleError'](streams, new UnavailableError(undefined, 'Nothing came back on this connection.'));
  }

  /** Ends what is still running. The client has no way to close its channel, so that is done here. */
  async close(): Promise<void> {
    this.closed = true;
    for (const call of this.calls) call.cancel();
    const channel = await within(1_000, this.client['getChannel']()).catch(() => undefined);
    channel?.close();
  }

  private async open<Call extends ReadCall | AppendCall | GroupCall>(
    what: string,
    opening: () => Promise<Call>,
  ): Promise<Call> {
    if (this.closed) throw closedRefusal();
    let call: Call;
    const opened = opening();
    try {
      call = await within(CONNECT_MS, opened);
    } catch (error) {
      opened.then(abandon, () => undefined);
      throw connectionRefusal(what, error);
    }
    this.calls.add(call);
    const done = (): void => void this.calls.delete(call);
    // Always somebody listens: an error after the last reader has left would end the process.
    call.on('error', done).on('end', done);
    if (this.closed) {
      call.cancel();
      throw closedRefusal();
    }
    return call;
  }
}

const asItIs = (bytes: Buffer): Buffer => bytes;

const abandon = (call: ReadCall | AppendCall | GroupCall): void => {
  call.on('error', () => undefined);
  call.cancel();
};

export const closedRefusal = (): EventStoreError => new EventStoreError('unavailable', 'The event store is closed.');

class TooLate extends Error {}

/** Discovery has deadlines, but many of them one after another. */
function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate(`no answer within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
