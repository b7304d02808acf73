import persistent from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import type { ServiceDefinition } from '@grpc/grpc-js';
import type { Gate } from './access.js';
import { featuresService } from './features.js';
import { gossipService } from './gossip.js';
import type { NodeLog } from './log/node-log.js';
import { persistentService } from './persistent/service.js';
import { PersistentSubscriptions } from './persistent/subscriptions.js';
import { refusingHandlers } from './refusing.js';
import { NodeServer, type NodeService } from './server.js';
import { streamsService } from './streams/service.js';
import type { TlsPair } from './tls.js';

export interface NodeSettings {
  readonly log: NodeLog;
  readonly gate: Gate;
  readonly host: string;
  readonly port: number;
  readonly tls: TlsPair | undefined;
  readonly now: () => number;
  /** Told of trouble that callers are not told of. */
  readonly report: (error: unknown) => void;
}

export interface RunningNode {
  readonly connectionString: string;
  readonly port: number;
  /** Leaves the log open: it is its owner's. */
  stop(): Promise<void>;
}

/** Everything the protocol has, for whom the gate lets in. @throws CannotListen */
export async function startNode(settings: NodeSettings): Promise<RunningNode> {
  const { log, gate, now, report } = settings;
  const subscriptions = await PersistentSubscriptions.open({ log, now, report });
  try {
    const server = await listen(settings, persistentService(subscriptions, gate, report));
    return {
      connectionString: server.connectionString,
      port: server.port,
      stop: async () => {
        await server.stop();
        await subscriptions.stop();
      },
    };
  } catch (error) {
    await subscriptions.stop();
    throw error;
  }
}

/**
 * For a log that somebody else writes: whom the gate lets in reads and subscribes as far as their rights go. There are no
 * persistent subscriptions, since those are written into the log. @throws CannotListen
 */
export const startReadingNode = (settings: NodeSettings): Promise<RunningNode> => {
  const definition: ServiceDefinition = persistent.PersistentSubscriptionsService;
  return listen(settings, { definition, handlers: refusingHandlers(definition, settings.gate) });
};

const listen = (
  { log, gate, host, port, tls, now, report }: NodeSettings,
  persistentSubscriptions: NodeService,
): Promise<NodeServer> =>
  NodeServer.start({
    host,
    port,
    tls,
    services: [streamsService(log, gate, report), persistentSubscriptions, featuresService(), gossipService(now)],
  });
