import { expect } from '@jest/globals';
import type { Server } from './server.js';

/** The one line of a start that failed for a reason somebody can mend. */
export const failureOf = async (server: Server): Promise<string | undefined> => {
  expect(await server.exited()).toBe(1);
  const said = server.printed.split('\n').filter((line) => line.startsWith('Verbatim did not start: '));
  expect(said).toHaveLength(1);
  expect(server.printed).not.toMatch(/^ +at /m);
  return said[0];
};
