import { VerbatimError } from '#platform';

/** Another try could not be made in the time there was; nothing was written. */
export const busy = (stream: string): VerbatimError =>
  new VerbatimError('busy', 'Too many changes at once; nothing of this request was kept. Ask again.', {
    retryAfter: 1,
    cause: new Error(`Budget used up on ${stream}.`),
  });

/** The last try may have been written: the caller's own ids make asking again safe. */
export const uncertain = (stream: string): VerbatimError =>
  new VerbatimError(
    'busy',
    'The event log did not answer in time: this request may or may not have been kept. Ask again.',
    {
      retryAfter: 1,
      cause: new Error(`Append of unknown outcome on ${stream}.`),
    },
  );

export const unavailable = (cause: unknown): VerbatimError =>
  new VerbatimError(
    'storage_unavailable',
    'The event log cannot be reached or written; nothing of this request was kept.',
    {
      retryAfter: 5,
      cause,
    },
  );
