import grpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { DeleteReq, ReadReq, TombstoneReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerUnaryCall, ServiceDefinition, sendUnaryData } from '@grpc/grpc-js';
import { type EventStoreErrorCode, isEventStoreError } from '../../port/index.js';
import type { Gate } from '../access.js';
import { asFailure } from '../log/failures.js';
import type { NodeLog } from '../log/node-log.js';
import type { NodeService } from '../server.js';
import { type AppendCall, append } from './append.js';
import { decodeAppend, decodeBatchAppend } from './append-requests.js';
import { BatchAppend, type BatchCall } from './batch-append.js';
import { remove } from './deleting.js';
import { read } from './read.js';
import type { ReadCall } from './sending.js';

/** What callers can do something about. */
const ANSWERED = [
  'stream_deleted',
  'append_too_large',
  'invalid_argument',
  'unavailable',
  'unknown_outcome',
] as const satisfies EventStoreErrorCode[];

const asItIs = (bytes: Buffer): Buffer => bytes;

/**
 * The paths are the official ones; what is sent and received on the hot paths is encoded by hand. Answers of Read and
 * BatchAppend are `Frames`, which nobody encodes any more.
 */
const definition = {
  ...grpc.StreamsService,
  append: { ...grpc.StreamsService.append, requestDeserialize: decodeAppend, responseSerialize: asItIs },
  batchAppend: { ...grpc.StreamsService.batchAppend, requestDeserialize: decodeBatchAppend },
  delete: { ...grpc.StreamsService.delete, responseSerialize: asItIs },
  tombstone: { ...grpc.StreamsService.tombstone, responseSerialize: asItIs },
} satisfies ServiceDefinition;

/** The Streams service over a log. `report` hears of what no caller can do anything about. */
export function streamsService(log: NodeLog, gate: Gate, report: (error: unknown) => void): NodeService {
  const failure = (error: unknown): ReturnType<typeof asFailure> => {
    const known = asFailure(error);
    if (known !== error && !isEventStoreError(error, ...ANSWERED)) report(error);
    return known;
  };
  const once = (work: Promise<Buffer>, done: sendUnaryData<Buffer>): void => {
    work.then(
      (response) => done(null, response),
      (error: unknown) => done(failure(error)),
    );
  };
  return {
    definition,
    handlers: {
      append: (call: AppendCall, done: sendUnaryData<Buffer>) => once(append(call, log, gate), done),
      delete: (call: ServerUnaryCall<DeleteReq, Buffer>, done: sendUnaryData<Buffer>) =>
        once(
          remove(call, gate, (stream, expected) => log.deleteStream(stream, expected)),
          done,
        ),
      tombstone: (call: ServerUnaryCall<TombstoneReq, Buffer>, done: sendUnaryData<Buffer>) =>
        once(
          remove(call, gate, (stream, expected) => log.tombstone(stream, expected)),
          done,
        ),
      read: (call: ReadCall<ReadReq>) => {
        read(call, log, gate).then(
          () => call.end(),
          (error: unknown) => call.emit('error', failure(error)),
        );
      },
      batchAppend: (call: BatchCall) => {
        new BatchAppend(call, log, report).run(gate).then(
          () => call.end(),
          (error: unknown) => call.emit('error', failure(error)),
        );
      },
    },
  };
}
