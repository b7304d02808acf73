import { SeededRandom } from '../../apps/cli/src/demo/random.js';

/** Rounds of each story: five in `npm test`, fifty in the gate. */
export const ROUNDS = Number(process.env['VERBATIM_CRASH_ROUNDS'] || 5);

/** A failing round can be told and run again. */
export function seeded(seed: number): () => number {
  const random = new SeededRandom(seed);
  return () => random.next();
}
