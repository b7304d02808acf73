import mongoose from 'mongoose';

const { mongo } = mongoose;

const DUPLICATE_KEY = 11_000;

/** No server could be asked: it is away or silent, or this connection is closed. What was asked may have been done. */
export class MongoUnavailable extends Error {
  override readonly name = 'MongoUnavailable';

  constructor(readonly reason: string) {
    super(`MongoDB: ${reason}`);
  }
}

export const hasCode = (error: unknown, code: number): boolean =>
  error instanceof mongo.MongoServerError && error.code === code;

/** A unique index had it already: somebody else was first. */
export const isDuplicate = (error: unknown): boolean => hasCode(error, DUPLICATE_KEY);

/** A bulk that no answer came to looks like one that was answered, without a single failed write: the driver wraps what happened. */
const brokenOffBy = (error: unknown): mongoose.mongo.MongoError | undefined =>
  error instanceof mongo.MongoBulkWriteError && error.errorResponse instanceof mongo.MongoError
    ? error.errorResponse
    : undefined;

/** Of a bulk of writes nothing failed but inserts of what was there already. */
export const onlyDuplicates = (error: unknown): error is mongoose.mongo.MongoBulkWriteError =>
  error instanceof mongo.MongoBulkWriteError &&
  brokenOffBy(error) === undefined &&
  error.result.getWriteConcernError() === undefined &&
  [error.writeErrors].flat().every(({ code }) => code === DUPLICATE_KEY);

/**
 * What a server says when it cannot serve now: stepping down or starting, out of time, no majority, no room, no rights. Any
 * other answer of a server is a mistake of ours.
 */
const NOT_NOW = new Set([
  6, 7, 13, 18, 50, 64, 89, 91, 100, 133, 189, 262, 317, 9001, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436, 14_031,
]);

/** Why the server cannot be used now; undefined when the error says something else. */
export const unavailableReason = (thrown: unknown): string | undefined => {
  const error = brokenOffBy(thrown) ?? thrown;
  if (error instanceof MongoUnavailable) return error.reason;
  if (error instanceof mongo.MongoServerError)
    return typeof error.code === 'number' && (NOT_NOW.has(error.code) || error instanceof mongo.MongoWriteConcernError)
      ? `the server answers ${error.codeName ?? error.code}`
      : undefined;
  // Mongoose wraps the driver's own at the first connection.
  if (error instanceof mongo.MongoServerSelectionError || error instanceof mongoose.Error.MongooseServerSelectionError)
    return `no server answers (${error.message})`;
  if (error instanceof mongo.MongoNetworkError) return `the connection broke (${error.message})`;
  if (error instanceof mongo.MongoParseError || error instanceof mongo.MongoInvalidArgumentError) return undefined;
  // Closed clients, cleared pools, waiting too long for a connection: the driver's own words for "not now".
  return error instanceof mongo.MongoError ? `${error.name}: ${error.message}` : undefined;
};
