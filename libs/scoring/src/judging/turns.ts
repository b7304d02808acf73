import { setImmediate } from 'node:timers/promises';

/** Work in steps: what it gives out in between is nothing but the chance to stop for a moment. */
export type Steps<Result> = Generator<undefined, Result>;

/** All at once. */
export const atOnce = <Result>(steps: Steps<Result>): Result => {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
};

const TURN_MS = 10;

/**
 * Whenever it has taken that long, everything else has its turn: a server that scores answers requests meanwhile, and the
 * lease on a long session is renewed by a timer.
 * @throws the signal's reason when it is aborted
 */
export const inTurns = async <Result>(steps: Steps<Result>, signal?: AbortSignal): Promise<Result> => {
  for (let begun = performance.now(); ; ) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - begun < TURN_MS) continue;
    await setImmediate();
    signal?.throwIfAborted();
    begun = performance.now();
  }
};
