import { randomUUID } from 'node:crypto';
import grpc from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import messages, { type ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import type { NodeService } from './server.js';
import { structuredUuid } from './uuids.js';

const TICKS_AT_1970 = 621_355_968_000_000_000n;

/** A cluster of one, which leads. Open to everybody. */
export function gossipService(now: () => number): NodeService {
  const instance = structuredUuid(randomUUID());
  const read = (call: ServerUnaryCall<unknown, ClusterInfo>, done: sendUnaryData<ClusterInfo>): void => {
    const member = new messages.MemberInfo()
      .setInstanceId(instance)
      .setTimeStamp(`${TICKS_AT_1970 + BigInt(now()) * 10_000n}`)
      .setState(messages.MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(endPoint(call.getHost()));
    done(null, new messages.ClusterInfo().setMembersList([member]));
  };
  return { definition: grpc.GossipService, handlers: { read } };
}

/** Where this caller reached the node is where it will reach it again; what the node listens on may be every address. */
function endPoint(authority: string): messages.EndPoint {
  const { hostname, port } = new URL(`http://${authority}`);
  return new messages.EndPoint().setAddress(hostname.replace(/^\[|\]$/g, '')).setPort(Number(port || 80));
}
