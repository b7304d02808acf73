import mongoose from 'mongoose';
import { VerbatimError } from '#platform';

const { mongo } = mongoose;

/** The unique index had it already: somebody else was first. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof mongo.MongoServerError && error.code === 11_000;

/**
 * What a server says when it cannot serve now: stepping down or starting, out of time, no majority, no room, no rights. Any
 * other answer of a server is a mistake of ours and stays what it is.
 */
const NOT_NOW = new Set([
  6, 7, 13, 18, 50, 64, 89, 91, 100, 133, 189, 262, 317, 9001, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436, 14_031,
]);

const reasonOf = (error: unknown): string | undefined => {
  if (error instanceof mongo.MongoServerError)
    return typeof error.code === 'number' && (NOT_NOW.has(error.code) || error instanceof mongo.MongoWriteConcernError)
      ? `the server answers ${error.codeName ?? error.code}`
      : undefined;
  // Mongoose wraps the driver's own at the first connection.
  if (error instanceof mongo.MongoServerSelectionError || error instanceof mongoose.Error.MongooseServerSelectionError)
    return 'no server answers';
  if (error instanceof mongo.MongoNetworkError) return 'the connection broke';
  if (error instanceof mongo.MongoParseError || error instanceof mongo.MongoInvalidArgumentError) return undefined;
  // Closed clients, cleared pools, waiting too long for a connection: the driver's own words for "not now".
  return error instanceof mongo.MongoError ? error.name : undefined;
};

export const unavailable = (reason: string, cause?: unknown): VerbatimError =>
  new VerbatimError('storage_unavailable', `The operational store cannot be used: ${reason}.`, {
    details: { store: 'operational', reason },
    retryAfter: 1,
    ...(cause === undefined ? {} : { cause }),
  });

/** Trouble with the server becomes the error that callers know; anything else stays what it is. */
export const known = (error: unknown): unknown => {
  const reason = reasonOf(error);
  return reason === undefined ? error : unavailable(reason, error);
};
