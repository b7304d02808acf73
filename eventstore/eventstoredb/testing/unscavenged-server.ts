import featuresGrpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams, { type ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type ServerUnaryCall, type ServerWritableStream, type sendUnaryData, status } from '@grpc/grpc-js';
import { NodeServer } from '../../node/server.js';
import { identifierOf, STREAM_DELETED, uuidOf } from '../records.js';

interface Told {
  readonly id: string;
  readonly stream: string;
  readonly type: string;
}

type AllCall = ServerWritableStream<ReadReq, ReadResp>;

/**
 * A log as EventStoreDB shows it before a scavenge, which our own node never does: `$all` holds the events of a deleted
 * stream as before, and the tombstone behind them is all that tells. It answers what is asked of `$all`, nothing else, and can
 * treat its subscribers as the real server does now and then.
 */
export class UnscavengedServer implements AsyncDisposable {
  private readonly log: Told[] = [];
  private readonly followers = new Set<AllCall>();
  /** After which place each subscription so far asked to begin. */
  readonly subscribedAfter: number[] = [];

  /** Places where no record begins: reading from there is refused. */
  readonly noBoundaries = new Set<number>();

  private constructor() {}

  private server: NodeServer | undefined;

  static async start(): Promise<UnscavengedServer> {
    const made = new UnscavengedServer();
    made.server = await NodeServer.start({
      host: '127.0.0.1',
      port: 0,
      services: [
        { definition: streamsGrpc.StreamsService, handlers: { read: (call: AllCall) => made.read(call) } },
        {
          definition: featuresGrpc.ServerFeaturesService,
          handlers: {
            getSupportedMethods: (
              _: ServerUnaryCall<unknown, unknown>,
              done: sendUnaryData<InstanceType<typeof features.SupportedMethods>>,
            ) => done(null, new features.SupportedMethods().setEventStoreServerVersion('23.10.6')),
          },
        },
      ],
    });
    return made;
  }

  get url(): string {
    return this.server!.connectionString;
  }

  write(stream: string, id: string, type = 'thing'): void {
    this.log.push({ id, stream, type });
    for (const call of this.followers) call.write(this.message(this.log.length));
  }

  delete(stream: string, id: string): void {
    this.write(stream, id, STREAM_DELETED);
  }

  /** What the real server does to a live subscriber that it holds for too slow; our own node never does. */
  cutFollowers(): void {
    const details =
      'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.';
    for (const call of this.followers) call.emit('error', { code: status.ABORTED, details });
    this.followers.clear();
  }

  /** The end of a subscription without any status of trouble. */
  endFollowers(): void {
    for (const call of this.followers) call.end();
    this.followers.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server?.stop();
  }

  private read(call: AllCall): void {
    const asked = call.request.getOptions()!;
    const isBackwards = asked.getReadDirection() === 1;
    const at = Number(asked.getAll()?.getPosition()?.getCommitPosition() ?? 0);
    const isFollowing = asked.hasSubscription();
    if (isFollowing) this.subscribedAfter.push(at);
    else if (this.noBoundaries.has(at) && !isBackwards)
      return void call.emit('error', { code: status.UNKNOWN, details: 'Unexpected ReadAllResult: Error' });
    const prefixes = asked.getFilter()?.getEventType()?.getPrefixList() ?? [];
    const places = this.log.map((_, index) => index + 1);
    const meant = isBackwards ? places.reverse() : places.filter((place) => (isFollowing ? place > at : place >= at));
    const wanted = meant.filter((place) => {
      const { type } = this.log[place - 1]!;
      return prefixes.length === 0 || prefixes.some((prefix) => type.startsWith(prefix));
    });
    const count = isFollowing ? wanted.length : Number(asked.getCount());
    for (const place of wanted.slice(0, count)) call.write(this.message(place));
    if (!isFollowing) return void call.end();
    this.followers.add(call);
    call.on('cancelled', () => this.followers.delete(call));
  }

  private message(place: number): ReadResp {
    const { id, stream, type } = this.log[place - 1]!;
    const event = new streams.ReadResp.ReadEvent.RecordedEvent();
    event.setId(uuidOf(id));
    event.setStreamIdentifier(identifierOf(stream));
    event.setStreamRevision('0');
    event.setCommitPosition(String(place));
    event.setPreparePosition(String(place));
    event.getMetadataMap().set('type', type).set('content-type', 'application/json');
    const read = new streams.ReadResp.ReadEvent();
    read.setEvent(event);
    read.setNoPosition(new shared.Empty());
    const message = new streams.ReadResp();
    message.setEvent(read);
    return message;
  }
}
