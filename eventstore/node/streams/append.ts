import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerReadableStream } from '@grpc/grpc-js';
import { blobField } from '../../common/proto/writer.js';
import { type EventData, isEventStoreError } from '../../port/index.js';
import { type Gate, requireWrite } from '../access.js';
import {
  handlerThrew,
  invalidArgument,
  MAX_APPEND_SIZE,
  maxAppendSizeExceeded,
  missingMetadataProperty,
  type NodeError,
} from '../errors.js';
import { actualRevision } from '../log/failures.js';
import type { Expected, NodeLog } from '../log/node-log.js';
import { appendSucceeded } from './append-answers.js';
import type { AppendMessage, AppendOptions, Flaw } from './append-requests.js';

export type AppendCall = ServerReadableStream<AppendMessage, Buffer>;

/** One append, its events in messages of their own. Answers the response. @throws NodeError, EventStoreError */
export async function append(call: AppendCall, log: NodeLog, gate: Gate): Promise<Buffer> {
  requireWrite(await gate.admit(call));
  const { options, events } = await received(call);
  const { stream, expected } = options ?? {};
  if (!stream) throw handlerThrew();
  if (expected === undefined)
    throw invalidArgument(
      "'None' is not a valid EventStore.Client.Streams.AppendReq+Types+Options+ExpectedStreamRevisionOneofCase",
    );
  try {
    return appendSucceeded(await log.append(stream, expected, events));
  } catch (error) {
    if (!isEventStoreError(error, 'wrong_expected_revision')) throw error;
    return wrongExpectedVersion(expected, actualRevision(error));
  }
}

interface Received {
  readonly options: AppendOptions | undefined;
  readonly events: readonly EventData[];
}

async function received(call: AppendCall): Promise<Received> {
  let options: AppendOptions | undefined;
  const events: EventData[] = [];
  let bytes = 0;
  for await (const message of call as AsyncIterable<AppendMessage>) {
    if (!message) continue;
    if ('options' in message) {
      options = message.options;
      continue;
    }
    const { event } = message;
    if (typeof event === 'string') throw flawed(event);
    bytes += event.data.byteLength + event.metadata.byteLength;
    if (bytes > MAX_APPEND_SIZE) throw maxAppendSizeExceeded();
    events.push(event);
  }
  return { options, events };
}

function flawed(flaw: Flaw): NodeError {
  switch (flaw) {
    case 'no-type':
      return missingMetadataProperty('type');
    case 'no-content-type':
      return missingMetadataProperty('content-type');
    case 'no-id':
      return handlerThrew();
  }
}

/** In new fields and old ones, which clients of before 21.10 read. */
function wrongExpectedVersion(expected: Expected, actual: bigint | undefined): Buffer {
  const { WrongExpectedVersion } = streams.AppendResp;
  const wrong = new WrongExpectedVersion();
  if (actual === undefined) wrong.setCurrentNoStream(new shared.Empty()).setNoStream2060(new shared.Empty());
  else wrong.setCurrentRevision(`${actual}`).setCurrentRevision2060(Number(actual));
  switch (expected) {
    case 'any':
      wrong.setExpectedAny(new shared.Empty()).setAny2060(new shared.Empty());
      break;
    case 'stream_exists':
      wrong.setExpectedStreamExists(new shared.Empty()).setStreamExists2060(new shared.Empty());
      break;
    case 'no_stream':
      wrong.setExpectedNoStream(new shared.Empty());
      break;
    default:
      wrong.setExpectedRevision(`${expected}`).setExpectedRevision2060(Number(expected));
  }
  const old = expected === 'no_stream' ? NO_STREAM_2060 : NOTHING;
  return blobField(0x12, Buffer.concat([wrong.serializeBinary(), old]));
}

const NOTHING = Buffer.alloc(0);
/** The field expected_revision_20_6_0 with −1 as an unsigned number, which is beyond what its setter takes. */
const NO_STREAM_2060 = Buffer.from([0x18, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
