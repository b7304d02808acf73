import { VerbatimError } from '#platform';
import { unavailableReason } from '#platform/mongodb/index.js';

/** Callers are shown this: where the server is found stays in `cause`. */
export const unavailable = (reason: string, cause?: unknown): VerbatimError =>
  new VerbatimError('storage_unavailable', `The operational store cannot be used: ${reason}.`, {
    details: { store: 'operational', reason },
    retryAfter: 1,
    ...(cause === undefined ? {} : { cause }),
  });

/** Trouble with the server becomes the error that callers know; anything else stays what it is. */
export const reported = async <Result>(asked: Promise<Result>): Promise<Result> => {
  try {
    return await asked;
  } catch (error) {
    throw unavailableReason(error) === undefined ? error : unavailable('its server cannot be used', error);
  }
};
