import grpc from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import messages from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { sendUnaryData } from '@grpc/grpc-js';
import type { NodeService } from './server.js';

/** Clients ask the version to know what they may ask; this is the one whose answers the node gives. */
const VERSION = '23.10.6';

const SUBSCRIPTIONS = ['stream', 'all'];
const METHODS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  'event_store.client.streams.streams': {
    read: ['position', 'events'],
    append: [],
    delete: [],
    tombstone: [],
    batchappend: ['deadline_duration'],
  },
  'event_store.client.persistent_subscriptions.persistentsubscriptions': {
    create: SUBSCRIPTIONS,
    update: SUBSCRIPTIONS,
    delete: SUBSCRIPTIONS,
    read: SUBSCRIPTIONS,
    getinfo: SUBSCRIPTIONS,
    replayparked: SUBSCRIPTIONS,
    list: SUBSCRIPTIONS,
    restartsubsystem: SUBSCRIPTIONS,
  },
  'event_store.client.gossip.gossip': { read: [] },
  'event_store.client.server_features.serverfeatures': { getsupportedmethods: [] },
};

function supported(): SupportedMethods {
  const answer = new messages.SupportedMethods().setEventStoreServerVersion(VERSION);
  for (const [service, methods] of Object.entries(METHODS))
    for (const [method, features] of Object.entries(methods))
      answer.addMethods(
        new messages.SupportedMethod()
          .setServiceName(service)
          .setMethodName(method)
          .setFeaturesList([...features]),
      );
  return answer;
}

/** Open to everybody, credentials or not: a client asks before it says who it is. */
export const featuresService = (): NodeService => ({
  definition: grpc.ServerFeaturesService,
  handlers: {
    getSupportedMethods: (_call: unknown, done: sendUnaryData<SupportedMethods>) => done(null, supported()),
  },
});
