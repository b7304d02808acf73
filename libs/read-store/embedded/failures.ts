import { sqliteFault } from '#platform/sqlite/index.js';
import { ConcurrentProjectionError, ReadStoreError, type ReadStoreErrorCode } from '#read-store';

interface Crossed {
  readonly name?: string;
  readonly code?: ReadStoreErrorCode;
  readonly details?: ReadStoreError['details'];
  readonly documentId?: string;
}

/** Classes do not survive the way between threads, and SQLite's own errors are nobody's business above the port. */
export const asPortError = (thrown: unknown): Error => {
  const error = thrown as Error & Crossed;
  if (error instanceof ReadStoreError || error instanceof ConcurrentProjectionError) return error;
  if (error.name === 'ReadStoreError') return new ReadStoreError(error.code!, error.message, error.details);
  if (error.name === 'ConcurrentProjectionError') return new ConcurrentProjectionError(error.documentId!);
  if (error.name === 'WorkerGoneError') return new ReadStoreError('unavailable', error.message, {}, { cause: error });
  const fault = sqliteFault(error);
  if (fault === undefined) return /no such table/.test(error.message) ? dropped(error) : error;
  const code = fault === 'corrupt' || fault === 'not_a_database' ? 'corrupt' : 'unavailable';
  return new ReadStoreError(code, `SQLite: ${error.message}`, { fault }, { cause: error });
};

const dropped = (error: Error): ReadStoreError =>
  new ReadStoreError('unknown_build', 'This build of the projection is not stored (any more).', {}, { cause: error });
