/**
 * The judge gave no judgement at all: nothing about the work. What it said of single criteria that it could not score is in
 * the judgement instead.
 */
export class JudgeError extends Error {
  constructor(
    /** `unavailable`: try again later. `refused`: the server will answer the same next time (a wrong key or model). */
    readonly code: 'unavailable' | 'refused',
    /** Words of ours: it is kept in the session's stream. What the server said is the `cause`, for the log. */
    message: string,
    /** What the server asked for, when it did. */
    readonly retryAfterMs: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'JudgeError';
  }
}
