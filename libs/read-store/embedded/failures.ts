import { type SqliteFault, sqliteFault } from '#platform/sqlite/index.js';
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
  // A thread that cannot open the file again says why.
  const fault = sqliteFault(error) ?? sqliteFault(error.cause ?? {});
  if (error.name === 'WorkerGoneError' && !isDamage(fault))
    return new ReadStoreError('unavailable', error.message, {}, { cause: error });
  if (fault === undefined) return /no such table/.test(error.message) ? dropped(error) : error;
  const code = isDamage(fault) ? 'corrupt' : 'unavailable';
  return new ReadStoreError(code, `SQLite: ${error.message}`, { fault }, { cause: error });
};

const isDamage = (fault: SqliteFault | undefined): boolean => fault === 'corrupt' || fault === 'not_a_database';

const dropped = (error: Error): ReadStoreError =>
  new ReadStoreError('unknown_build', 'This build of the projection is not stored (any more).', {}, { cause: error });
