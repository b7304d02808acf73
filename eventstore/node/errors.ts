import { Metadata, status } from '@grpc/grpc-js';

/**
 * The answers of a real server when it refuses, to the letter: clients of every language tell them apart by the
 * `exception` trailer and read its other trailers. BatchAppend and an Append with the wrong revision answer in messages
 * instead.
 */
export class NodeError extends Error {
  override readonly name = 'NodeError';
  readonly metadata = new Metadata();

  constructor(
    readonly code: status,
    readonly details: string,
    trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details);
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, headerValue(value));
  }
}

/** Trailers are ASCII; a stream's name need not be. */
const headerValue = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

/** Of Delete and Tombstone. -1: no stream, -2: any, -4: the stream must exist. */
export const wrongExpectedVersion = (stream: string, expected: bigint, actual: bigint): NodeError =>
  new NodeError(
    status.FAILED_PRECONDITION,
    `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': `${expected}`,
      'actual-version': `${actual}`,
    },
  );

export const streamDeleted = (stream: string): NodeError =>
  new NodeError(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

export const accessDenied = (): NodeError =>
  new NodeError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });

export const unauthenticated = (): NodeError => new NodeError(status.UNAUTHENTICATED, 'Unauthenticated');

export const MAX_APPEND_SIZE = 1_048_576;

export const maxAppendSizeExceeded = (): NodeError =>
  new NodeError(status.INVALID_ARGUMENT, `Maximum Append Size of ${MAX_APPEND_SIZE} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': `${MAX_APPEND_SIZE}`,
  });

export const missingMetadataProperty = (property: string): NodeError =>
  new NodeError(status.INVALID_ARGUMENT, `Required Metadata Property '${property}' is missing`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

export const invalidArgument = (details: string): NodeError => new NodeError(status.INVALID_ARGUMENT, details);

/** What the real server says of anything it had not thought of: a bad regular expression, an empty stream name. */
export const handlerThrew = (): NodeError => new NodeError(status.UNKNOWN, 'Exception was thrown by handler.');

export const unexpectedReadStreamResult = (): NodeError =>
  new NodeError(status.UNKNOWN, 'Unexpected ReadStreamResult: Error');

export const unexpectedReadAllResult = (): NodeError =>
  new NodeError(status.UNKNOWN, 'Unexpected ReadAllResult: Error');

export const notReady = (): NodeError => new NodeError(status.UNAVAILABLE, 'Server Is Not Ready');

export const groupExists = (stream: string, group: string): NodeError =>
  new NodeError(status.ALREADY_EXISTS, `Subscription group ${group} on stream ${stream} exists.`, {
    exception: 'persistent-subscription-exists',
    'stream-name': stream,
    'group-name': group,
  });

/** `group` is empty when a whole stream has none. */
export const groupDoesNotExist = (stream: string, group: string): NodeError =>
  new NodeError(status.NOT_FOUND, `Subscription group ${group} on stream ${stream} does not exist.`, {
    exception: 'persistent-subscription-does-not-exist',
    'stream-name': stream,
    'group-name': group,
  });

export const groupFailed = (stream: string, group: string, reason: string): NodeError =>
  new NodeError(status.INTERNAL, `Subscription group ${group} on stream ${stream} failed: '${reason}'`, {
    exception: 'persistent-subscription-failed',
    'stream-name': stream,
    'group-name': group,
    reason,
  });

export const groupDropped = (stream: string, group: string): NodeError =>
  new NodeError(status.CANCELLED, `Subscription group ${group} on stream ${stream} was dropped.`, {
    exception: 'persistent-subscription-dropped',
    'stream-name': stream,
    'group-name': group,
  });

export const tooManySubscribers = (stream: string, group: string): NodeError =>
  new NodeError(
    status.FAILED_PRECONDITION,
    `Maximum subscriptions reached for subscription group ${group} on stream ${stream}.`,
    { exception: 'maximum-subscribers-reached', 'stream-name': stream, 'group-name': group },
  );

/** For a call's end: an error of our own as it is, anything else as the real server shows it (and reported by the caller). */
export const asNodeError = (error: unknown): NodeError => (error instanceof NodeError ? error : handlerThrew());
