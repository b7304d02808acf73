import grpc from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import messages, {
  type CreateReq,
  type CreateResp,
  type DeleteReq,
  type DeleteResp,
  type GetInfoReq,
  type GetInfoResp,
  type ListReq,
  type ListResp,
  type ReplayParkedReq,
  type ReplayParkedResp,
  type UpdateReq,
  type UpdateResp,
} from '@eventstore/db-client/generated/persistent_pb.js';
import shared, { type Empty } from '@eventstore/db-client/generated/shared_pb.js';
import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { type Gate, type Rights, requireWrite } from '../access.js';
import { asNodeError, handlerThrew } from '../errors.js';
import type { NodeService } from '../server.js';
import { infoAnswer } from './answers.js';
import { type ReadCall, ReadOfGroup } from './read-call.js';
import { settingsOf, sourceNameOf, streamOf } from './requests.js';
import { ALL } from './settings.js';
import type { PersistentSubscriptions } from './subscriptions.js';

type Handler<Request, Response> = (call: ServerUnaryCall<Request, Response>, done: sendUnaryData<Response>) => void;

/** The PersistentSubscriptions service. It takes all rights: reading as a consumer moves the group's place, too. */
export function persistentService(
  subscriptions: PersistentSubscriptions,
  gate: Gate,
  report: (error: unknown) => void,
): NodeService {
  const unary =
    <Request, Response>(work: (request: Request, rights: Rights) => Promise<Response>): Handler<Request, Response> =>
    (call, done) => {
      gate
        .admit(call)
        .then((rights) => {
          requireWrite(rights);
          return work(call.request, rights);
        })
        .then(
          (response) => done(null, response),
          (error: unknown) => {
            const known = asNodeError(error);
            if (known !== error) report(error);
            done(known);
          },
        );
    };
  return {
    definition: grpc.PersistentSubscriptionsService,
    handlers: {
      create: unary<CreateReq, CreateResp>(async (request, { user }) => {
        await subscriptions.create(settingsOf(request), user);
        return new messages.CreateResp();
      }),
      update: unary<UpdateReq, UpdateResp>(async (request, { user }) => {
        await subscriptions.update(settingsOf(request), user);
        return new messages.UpdateResp();
      }),
      delete: unary<DeleteReq, DeleteResp>(async (request, { user }) => {
        const options = present(request.getOptions());
        await subscriptions.delete(sourceNameOf(options), options.getGroupName(), user);
        return new messages.DeleteResp();
      }),
      getInfo: unary<GetInfoReq, GetInfoResp>(async (request) => {
        const options = present(request.getOptions());
        const { status } = subscriptions.find(sourceNameOf(options), options.getGroupName());
        return new messages.GetInfoResp().setSubscriptionInfo(infoAnswer(status));
      }),
      list: unary<ListReq, ListResp>(async (request) => {
        const wanted = present(request.getOptions()).getListForStream();
        const groups = wanted
          ? subscriptions.listFor(wanted.hasAll() ? ALL : streamOf(wanted.getStream()))
          : subscriptions.list();
        return new messages.ListResp().setSubscriptionsList(groups.map(({ status }) => infoAnswer(status)));
      }),
      replayParked: unary<ReplayParkedReq, ReplayParkedResp>(async (request) => {
        const options = present(request.getOptions());
        const group = subscriptions.find(sourceNameOf(options), options.getGroupName());
        await group.replayParked(options.hasStopAt() ? BigInt(options.getStopAt()) : undefined);
        return new messages.ReplayParkedResp();
      }),
      restartSubsystem: unary<Empty, Empty>(async () => {
        await subscriptions.restart();
        return new shared.Empty();
      }),
      read: (call: ReadCall) => {
        new ReadOfGroup(call, gate, subscriptions, report);
      },
    },
  };
}

/** @throws NodeError */
function present<Options>(options: Options | undefined): Options {
  if (options === undefined) throw handlerThrew();
  return options;
}
