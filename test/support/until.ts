import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer will do: for what a reaction does by itself, a moment later. */
export async function until<T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  withinMs = 15_000,
  everyMs = 30,
): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() > end) throw new Error(`Not within ${withinMs} ms; last: ${JSON.stringify(answer)}`);
    await delay(everyMs);
  }
}
