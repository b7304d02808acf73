import mongoose from 'mongoose';
import { hasCode, MongoUnavailable } from '#platform/mongodb/index.js';
import { ReadStoreError } from '#read-store';

const { MongoError, MongoServerError } = mongoose.mongo;

const NAMESPACE_NOT_FOUND = 26;
/** The collection was dropped while it was read. */
const QUERY_PLAN_KILLED = 175;

export const isAbsent = (error: unknown): boolean => hasCode(error, NAMESPACE_NOT_FOUND);
export const isDroppedMeanwhile = (error: unknown): boolean => hasCode(error, QUERY_PLAN_KILLED);

/**
 * Whatever the server or the way to it says is the store's trouble, never the event's: it is waited out and asked again,
 * visibly. Mistakes of this code (mongoose's cast and strict-mode errors) stay what they are.
 */
export const asPortError = (thrown: unknown): Error => {
  if (thrown instanceof MongoUnavailable) return unavailable(thrown.message, thrown);
  if (!(thrown instanceof MongoError || thrown instanceof mongoose.Error.MongooseServerSelectionError))
    return thrown as Error;
  const code = thrown instanceof MongoServerError ? (thrown.code ?? null) : null;
  return unavailable(`MongoDB: ${thrown.message}`, thrown, code as number | null);
};

const unavailable = (message: string, cause: Error, code: number | null = null): ReadStoreError =>
  new ReadStoreError('unavailable', message, { code }, { cause });
