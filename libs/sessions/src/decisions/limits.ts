/** After the close, events are kept for this long, marked late (D8). */
export const LATE_MS = 30_000;
/** A session takes this many events. */
export const EVENT_LIMIT = 20_000;
/** And as many checkpoints. */
export const CHECKPOINT_LIMIT = 20_000;
/** Together: an hour of the largest, one every three seconds, and a third more. */
export const CHECKPOINT_BYTES_LIMIT = 8 * 1024 ** 3;
/** One event, as JSON. */
export const EVENT_BYTES = 256 * 1024;
/** A client's timer may differ from the server's by this much before it is noted (D7). */
export const CLOCK_SKEW_S = 5;
/** A request for a score is parked after this many attempts. */
export const SCORING_ATTEMPTS = 5;
/** How long a failed attempt waits for the next one, unless the judge said so itself; the last holds for all after it. */
export const SCORING_BACKOFF_MS = [10_000, 60_000, 300_000, 1_800_000] as const;
