import type { DeleteReq, TombstoneReq } from '@eventstore/db-client/generated/streams_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerUnaryCall } from '@grpc/grpc-js';
import { blobField, varintField } from '../../common/proto/writer.js';
import { isEventStoreError } from '../../port/index.js';
import { type Gate, requireWrite } from '../access.js';
import { handlerThrew, invalidArgument, wrongExpectedVersion } from '../errors.js';
import { actualRevision } from '../log/failures.js';
import type { Expected, NodeLog } from '../log/node-log.js';

const { ExpectedStreamRevisionCase } = streams.DeleteReq.Options;

/** The trailers' numbers for what is no revision. */
const NO_STREAM = -1n;
const NUMBERS = { no_stream: NO_STREAM, any: -2n, stream_exists: -4n } as const;

type DeleteCall = ServerUnaryCall<DeleteReq, Buffer> | ServerUnaryCall<TombstoneReq, Buffer>;

/** Delete and Tombstone differ in what the log does. @throws NodeError, EventStoreError */
export async function remove(
  call: DeleteCall,
  gate: Gate,
  deletion: (stream: string, expected: Expected) => ReturnType<NodeLog['tombstone']>,
): Promise<Buffer> {
  requireWrite(await gate.admit(call));
  const options = call.request.getOptions();
  const stream = Buffer.from(options?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString('utf8');
  if (!options || stream === '') throw handlerThrew();
  const expected = expectedBy(options);
  try {
    const position = Number(await deletion(stream, expected));
    return blobField(0x0a, Buffer.concat([varintField(0x08, position), varintField(0x10, position)]));
  } catch (error) {
    if (!isEventStoreError(error, 'wrong_expected_revision')) throw error;
    const said = typeof expected === 'bigint' ? expected : NUMBERS[expected];
    throw wrongExpectedVersion(stream, said, actualRevision(error) ?? NO_STREAM);
  }
}

function expectedBy(options: DeleteReq.Options | TombstoneReq.Options): Expected {
  switch (options.getExpectedStreamRevisionCase()) {
    case ExpectedStreamRevisionCase.REVISION:
      return BigInt(options.getRevision());
    case ExpectedStreamRevisionCase.NO_STREAM:
      return 'no_stream';
    case ExpectedStreamRevisionCase.ANY:
      return 'any';
    case ExpectedStreamRevisionCase.STREAM_EXISTS:
      return 'stream_exists';
    default:
      throw invalidArgument(
        "'None' is not a valid EventStore.Client.Streams.DeleteReq+Types+Options+ExpectedStreamRevisionOneofCase",
      );
  }
}
