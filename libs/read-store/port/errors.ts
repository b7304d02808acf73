export type ReadStoreErrorCode =
  /** A field the collection does not declare, a value of another type, a limit out of bounds: the caller's mistake. */
  | 'invalid_query'
  /** A name that is no name, or a build prepared again with other fields. */
  | 'invalid_projection'
  /** A document that is no JSON, or whose field is not of the declared type. `details.collection`, `details.id`. */
  | 'invalid_document'
  /** This build was dropped, or never prepared. */
  | 'unknown_build'
  /** The file is a database, but not read models: it is left as it is. */
  | 'foreign_file'
  /** Full disk, closed store, no connection. */
  | 'unavailable'
  /** The stored read models are damaged: they are built anew at the next start. */
  | 'corrupt';

/** Checked by `code`. */
export class ReadStoreError extends Error {
  constructor(
    readonly code: ReadStoreErrorCode,
    message: string,
    readonly details: Readonly<Record<string, string | number | null>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'ReadStoreError';
  }
}

/**
 * A compare-and-set lost: another projector wrote; load again and go on from there. Also when it had come further: what was
 * folded from documents loaded before and after its writes may differ from what it stored.
 */
export class ConcurrentProjectionError extends Error {
  constructor(readonly documentId: string) {
    super(`Another projector wrote while ${documentId} was changed.`);
    this.name = 'ConcurrentProjectionError';
  }
}
