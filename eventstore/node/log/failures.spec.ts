import status from '@eventstore/db-client/generated/status_pb.js';
import { describe, expect, it } from '@jest/globals';
import { EventStoreError, type EventStoreErrorCode } from '../../port/index.js';
import { accessDenied } from '../errors.js';
import { refusalStatus } from '../streams/batch-errors.js';
import { asFailure } from './failures.js';

const error = (code: EventStoreErrorCode) =>
  new EventStoreError(code, 'It did not work.', { stream: 'a', actual: '1' });

describe('what the log refuses', () => {
  it.each<[EventStoreErrorCode, number, string]>([
    ['unavailable', 14, 'Server Is Not Ready'],
    ['unknown_outcome', 10, 'Operation timed out: Commit phase timeout.'],
    ['stream_deleted', 9, "Event stream 'a' is deleted."],
    ['append_too_large', 3, 'Maximum Append Size of 1048576 Exceeded.'],
    ['invalid_argument', 2, 'Exception was thrown by handler.'],
    ['corrupt', 2, 'Exception was thrown by handler.'],
  ])('as %s ends a call with code %d, in the words of the real server', (code, number, details) => {
    expect(asFailure(error(code))).toMatchObject({ code: number, details });
  });

  it('leaves a failure of the protocol as it is', () => {
    const denied = accessDenied();
    expect(asFailure(denied)).toBe(denied);
    expect(asFailure(new TypeError('a mistake'))).toMatchObject({ code: 2 });
  });

  it.each<[EventStoreErrorCode, number, string, string]>([
    ['unavailable', 0, 'Server Is Not Ready', 'google.protobuf.Empty'],
    ['unknown_outcome', 4, 'Timeout', 'event_store.client.Timeout'],
  ])('as %s is an answer of BatchAppend with code %d', (code, number, message, type) => {
    const answer = status.Status.deserializeBinary(refusalStatus(error(code), 'any') ?? new Uint8Array());
    expect([answer.getCode(), answer.getMessage()]).toEqual([number, message]);
    expect(answer.getDetails()?.getTypeUrl()).toBe(`type.googleapis.com/${type}`);
  });
});
