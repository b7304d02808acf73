import { Metadata, status } from '@grpc/grpc-js';
import { openEmbeddedEventStore } from '../../embedded/index.js';
import { openGate } from '../../node/access.js';
import { featuresService } from '../../node/features.js';
import { EmbeddedNodeLog } from '../../node/log/embedded-node-log.js';
import type { NodeLog } from '../../node/log/node-log.js';
import { NodeServer } from '../../node/server.js';
import type { BatchCall } from '../../node/streams/batch-append.js';
import { streamsService } from '../../node/streams/service.js';

/** What is made of the long append call of a client: `serve` as ever, over this log or a troubled one. */
export type AppendsHandler = (call: BatchCall, serve: (call: BatchCall, log?: NodeLog) => void, log: NodeLog) => void;

/**
 * Our own node with the troubles a server in a cluster has and ours has not: it says that another one leads, that it is
 * not ready, or ends the append call without a word. A healthy one over the same log, the leader, stands beside it.
 */
export class TroubledNode implements AsyncDisposable {
  private constructor(
    readonly log: NodeLog,
    private readonly servers: { readonly troubled: NodeServer; readonly leader: NodeServer },
    /** Append calls that came to the healthy one. */
    readonly ofLeader: { appendCalls: number },
    private readonly close: () => Promise<void>,
  ) {}

  static async start(appends: AppendsHandler): Promise<TroubledNode> {
    const store = await openEmbeddedEventStore({ memory: true });
    const log = new EmbeddedNodeLog(store.engine);
    const serve = (call: BatchCall, over: NodeLog = log): void => {
      streamsService(over, openGate, () => {}).handlers['batchAppend']?.(call as never, undefined as never);
    };
    const listen = (batchAppend: (call: BatchCall) => void): Promise<NodeServer> => {
      const { definition, handlers } = streamsService(log, openGate, () => {});
      const services = [{ definition, handlers: { ...handlers, batchAppend } }, featuresService()];
      return NodeServer.start({ host: '127.0.0.1', port: 0, services });
    };
    const ofLeader = { appendCalls: 0 };
    const leader = await listen((call) => {
      ofLeader.appendCalls += 1;
      serve(call);
    });
    const troubled = await listen((call) => appends(call, serve, log));
    return new TroubledNode(log, { troubled, leader }, ofLeader, () => store.close());
  }

  get url(): string {
    return this.servers.troubled.connectionString;
  }

  get port(): number {
    return this.servers.troubled.port;
  }

  get leaderPort(): number {
    return this.servers.leader.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Object.values(this.servers).map((server) => server.stop()));
    await this.close();
  }
}

/** As a follower refuses whoever wants the leader. */
export function notLeader(call: BatchCall, leaderPort: number): void {
  const metadata = new Metadata();
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', '127.0.0.1');
  metadata.set('leader-endpoint-port', `${leaderPort}`);
  call.emit('error', { code: status.NOT_FOUND, details: 'Leader info available', metadata });
}
