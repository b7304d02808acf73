import { setTimeout as delay } from 'node:timers/promises';

/** Waits for what happens by itself, a moment later. Longer than any machine takes, so that only a mistake fails. */
export const until = async (holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> => {
  for (const end = performance.now() + withinMs; !(await holds()); await delay(5))
    if (performance.now() > end) throw new Error(`It did not come to pass within ${withinMs} ms.`);
};
