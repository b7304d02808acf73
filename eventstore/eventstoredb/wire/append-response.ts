import type { Status } from '@eventstore/db-client/generated/status_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import { ProtoReader } from '../../common/proto/reader.js';
import { readUuid } from './recorded-event.js';

/** One answer on the long append call. */
export interface AppendAnswer {
  readonly correlation: string;
  readonly success: { readonly revision: bigint; readonly position: bigint | undefined } | undefined;
  readonly error: Status | undefined;
}

export function decodeAppendAnswer(bytes: Buffer): AppendAnswer {
  const reader = new ProtoReader(bytes);
  let correlation = '';
  let success: AppendAnswer['success'];
  let error: Status | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) correlation = readUuid(reader.blob());
    // Seldom enough for the generated class.
    else if (tag === 0x12) error = status.Status.deserializeBinary(reader.blob());
    else if (tag === 0x1a) success = readSuccess(reader.message());
    else reader.skip(tag);
  }
  return { correlation, success, error };
}

function readSuccess(reader: ProtoReader): AppendAnswer['success'] {
  let revision = 0n;
  let position: bigint | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x08) revision = reader.uint64();
    else if (tag === 0x1a) position = readCommit(reader.message());
    else reader.skip(tag);
  }
  return { revision, position };
}

function readCommit(reader: ProtoReader): bigint {
  let commit = 0n;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x08) commit = reader.uint64();
    else reader.skip(tag);
  }
  return commit;
}
