import mongoose from 'mongoose';
import { ReadStoreError } from '#read-store';

const { MongoError, MongoServerError, MongoBulkWriteError } = mongoose.mongo;

const DUPLICATE_KEY = 11_000;
const NAMESPACE_NOT_FOUND = 26;
/** The collection was dropped while it was read. */
const QUERY_PLAN_KILLED = 175;

const hasCode = (error: unknown, code: number): boolean => error instanceof MongoServerError && error.code === code;

export const isDuplicate = (error: unknown): boolean => hasCode(error, DUPLICATE_KEY);
export const isAbsent = (error: unknown): boolean => hasCode(error, NAMESPACE_NOT_FOUND);
export const isDroppedMeanwhile = (error: unknown): boolean => hasCode(error, QUERY_PLAN_KILLED);

/** Of a bulk of writes nothing failed but inserts of what was there already. */
export const onlyDuplicates = (error: unknown): error is mongoose.mongo.MongoBulkWriteError =>
  error instanceof MongoBulkWriteError &&
  error.result.getWriteConcernError() === undefined &&
  [error.writeErrors].flat().every(({ code }) => code === DUPLICATE_KEY);

/**
 * Whatever the server or the way to it says is the store's trouble, never the event's: it is waited out and asked again,
 * visibly. Mistakes of this code (mongoose's cast and strict-mode errors) stay what they are.
 */
export const asPortError = (thrown: unknown): Error => {
  if (!(thrown instanceof MongoError || thrown instanceof mongoose.Error.MongooseServerSelectionError))
    return thrown as Error;
  const code = thrown instanceof MongoServerError ? (thrown.code ?? null) : null;
  return new ReadStoreError(
    'unavailable',
    `MongoDB: ${thrown.message}`,
    { code: code as number | null },
    { cause: thrown },
  );
};
