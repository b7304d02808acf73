import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_MS = 50;
/** A store that is away refuses at once, so asking often costs nothing; lists ought to be there soon after it is back. */
const LONGEST_MS = 2_000;

/** Again until it succeeds or the signal aborts (then AbortError); `failed` hears of each failure, and may rethrow it. */
export const withBackoff = async <Result>(
  signal: AbortSignal,
  work: () => Promise<Result>,
  failed: (error: Error) => void,
): Promise<Result> => {
  for (let wait = FIRST_MS; ; wait = Math.min(wait * 2, LONGEST_MS)) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      failed(error as Error);
    }
    await sleep(wait * (0.5 + Math.random() / 2), undefined, { signal });
  }
};

export const isAbort = (error: unknown, signal: AbortSignal): boolean =>
  signal.aborted && (error === signal.reason || (error as Error).name === 'AbortError');
