import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import { type EventStoreError, isEventStoreError } from '../../port/index.js';
import { MAX_APPEND_SIZE } from '../errors.js';
import { actualRevision } from '../log/failures.js';
import type { Expected } from '../log/node-log.js';

interface Detail {
  serializeBinary(): Uint8Array;
}

const encoded = (code: number, message: string, type: string, detail: Detail): Uint8Array => {
  const details = new any.Any();
  details.setTypeUrl(`type.googleapis.com/${type}`);
  details.setValue(detail.serializeBinary());
  return new status.Status().setCode(code).setMessage(message).setDetails(details).serializeBinary();
};

const own = (code: number, message: string, detail: Detail): Uint8Array =>
  encoded(code, message, `event_store.client.${message}`, detail);

const NOT_READY = 0;
const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
const ALREADY_EXISTS = 6;
const PERMISSION_DENIED = 7;

export const accessDenied = (): Uint8Array => own(PERMISSION_DENIED, 'AccessDenied', new shared.AccessDenied());

export const timeout = (): Uint8Array => own(DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout());

export const badRequest = (message: string): Uint8Array =>
  own(INVALID_ARGUMENT, 'BadRequest', new shared.BadRequest().setMessage(message));

export const tooLarge = (): Uint8Array =>
  own(
    INVALID_ARGUMENT,
    'MaximumAppendSizeExceeded',
    new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND_SIZE),
  );

/** What the log refuses as a google.rpc.Status; undefined for what nobody thought of. */
export function refusalStatus(error: unknown, expected: Expected): Uint8Array | undefined {
  if (!isEventStoreError(error)) return undefined;
  switch (error.code) {
    case 'wrong_expected_revision':
      return wrongExpectedVersion(expected, error);
    case 'stream_deleted':
      return streamDeleted(String(error.details['stream']));
    case 'append_too_large':
      return tooLarge();
    case 'unknown_outcome':
      return timeout();
    case 'unavailable':
    case 'locked':
      return encoded(NOT_READY, 'Server Is Not Ready', 'google.protobuf.Empty', new empty.Empty());
    case 'invalid_argument':
    case 'corrupt':
      return undefined;
  }
}

const streamDeleted = (stream: string): Uint8Array =>
  own(
    NOT_FOUND,
    'StreamDeleted',
    new shared.StreamDeleted().setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream))),
  );

function wrongExpectedVersion(expected: Expected, error: EventStoreError): Uint8Array {
  const wrong = new shared.WrongExpectedVersion();
  const actual = actualRevision(error);
  if (actual === undefined) wrong.setCurrentNoStream(new empty.Empty());
  else wrong.setCurrentStreamRevision(`${actual}`);
  switch (expected) {
    case 'any':
      wrong.setExpectedAny(new empty.Empty());
      break;
    case 'stream_exists':
      wrong.setExpectedStreamExists(new empty.Empty());
      break;
    case 'no_stream':
      wrong.setExpectedNoStream(new empty.Empty());
      break;
    default:
      wrong.setExpectedStreamPosition(`${expected}`);
  }
  return own(ALREADY_EXISTS, 'WrongExpectedVersion', wrong);
}
