import { status } from '@grpc/grpc-js';
import { type EventStoreError, isEventStoreError } from '../../port/index.js';
import { asNodeError, handlerThrew, maxAppendSizeExceeded, NodeError, notReady, streamDeleted } from '../errors.js';

/** What the log refuses, in the words of the protocol. A wrong revision is no failure: each call answers it in its way. */
export function asFailure(error: unknown): NodeError {
  return isEventStoreError(error) ? spoken(error) : asNodeError(error);
}

function spoken({ code, details }: EventStoreError): NodeError {
  switch (code) {
    case 'stream_deleted':
      return streamDeleted(String(details['stream']));
    case 'append_too_large':
      return maxAppendSizeExceeded();
    case 'unavailable':
    case 'locked':
      return notReady();
    case 'unknown_outcome':
      return new NodeError(status.ABORTED, 'Operation timed out: Commit phase timeout.');
    case 'wrong_expected_revision':
    case 'invalid_argument':
    case 'corrupt':
      return handlerThrew();
  }
}

/** The revision the stream is at, from a refusal for a wrong one; undefined: there is no stream. */
export const actualRevision = ({ details }: EventStoreError): bigint | undefined =>
  details['actual'] === 'no_stream' ? undefined : BigInt(String(details['actual']));
