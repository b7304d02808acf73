import { EventStoreDBClient } from '@eventstore/db-client';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import messages, { type ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { ChannelCredentials, type ServiceError } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PasswordGate } from './password-gate.js';
import { aName, WholeNode } from './testing/whole-node.js';

/** One that lets in nobody without a password. */
let node: WholeNode;
beforeAll(async () => {
  node = await WholeNode.start(new PasswordGate({ user: 'ops', password: 'correct horse' }));
});
afterAll(() => node[Symbol.asyncDispose]());

const answer = <Answer>(
  call: (request: shared.Empty, done: (error: ServiceError | null, answer: Answer) => void) => unknown,
) =>
  new Promise<Answer>((resolve, reject) => {
    call(new shared.Empty(), (error, given) => (error ? reject(error) : resolve(given)));
  });

describe('what a node says of itself, to everybody', () => {
  it('is its version and what it serves, in lower case', async () => {
    const client = new features.ServerFeaturesClient(`127.0.0.1:${node.port}`, ChannelCredentials.createInsecure());
    const said = await answer<SupportedMethods>((request, done) => client.getSupportedMethods(request, done));
    client.close();
    expect(said.getEventStoreServerVersion()).toBe('23.10.6');
    const methods = new Map(
      said
        .getMethodsList()
        .map((method) => [`${method.getServiceName()}/${method.getMethodName()}`, method.getFeaturesList()]),
    );
    const streams = 'event_store.client.streams.streams';
    expect(methods.get(`${streams}/read`)).toEqual(['position', 'events']);
    expect(methods.get(`${streams}/batchappend`)).toEqual(['deadline_duration']);
    for (const method of ['append', 'delete', 'tombstone']) expect(methods.get(`${streams}/${method}`)).toEqual([]);
    const persistent = 'event_store.client.persistent_subscriptions.persistentsubscriptions';
    for (const method of ['create', 'update', 'delete', 'read', 'getinfo', 'replayparked', 'list', 'restartsubsystem'])
      expect(methods.get(`${persistent}/${method}`)).toEqual(['stream', 'all']);
    expect(methods.get('event_store.client.gossip.gossip/read')).toEqual([]);
    expect(methods.get('event_store.client.server_features.serverfeatures/getsupportedmethods')).toEqual([]);
  });

  it('is that it leads a cluster of one, where the caller reached it', async () => {
    const client = new gossip.GossipClient(`localhost:${node.port}`, ChannelCredentials.createInsecure());
    const said = await answer<ClusterInfo>((request, done) => client.read(request, done));
    client.close();
    const [member, ...others] = said.getMembersList();
    expect(others).toEqual([]);
    expect(member!.getState()).toBe(messages.MemberInfo.VNodeState.LEADER);
    expect(member!.getIsAlive()).toBe(true);
    expect(member!.getInstanceId()!.hasStructured()).toBe(true);
    expect(member!.getHttpEndPoint()!.toObject()).toEqual({ address: 'localhost', port: node.port });
    const year = Number((BigInt(member!.getTimeStamp()) - 621_355_968_000_000_000n) / 10_000n / 31_556_952_000n) + 1970;
    expect(year).toBe(new Date().getFullYear());
  });

  it('is enough for a client that looks for its leader', async () => {
    const open = await WholeNode.start();
    const stream = aName();
    await open.append(stream, 1);
    const client = EventStoreDBClient.connectionString`esdb+discover://127.0.0.1:${open.port}?tls=false`;
    const revisions = [];
    for await (const { event } of client.readStream(stream)) revisions.push(event!.revision);
    expect(revisions).toEqual([0n]);
    await client.dispose();
    await open[Symbol.asyncDispose]();
  });
});
