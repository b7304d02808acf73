import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '../support/caller.js';
import { endAll, newDataDir, Server } from '../support/server.js';
import { ROUNDS, seeded } from './rounds.js';

const OPERATOR = 'operator-token-of-the-crash-stories-0123';
const AT_ONCE = 20;
/** A request that died holds its Idempotency-Key for a minute: each round's server lives that much later. */
const LATER_MS = 61_000;

const name = (round: number, index: number): string => `round ${round}, number ${index}`;

/** Each under an Idempotency-Key of its own; undefined where the server was gone. */
const postAll = (caller: Caller, path: string, round: number) =>
  Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) =>
      caller
        .post(path, { name: name(round, index) }, { 'idempotency-key': `${path} ${round} ${index}` })
        .catch(() => undefined),
    ),
  );

describe('kill -9 while secrets are made', () => {
  afterAll(endAll);

  it(
    'keys_and_organizations_asked_for_again_under_their_idempotency_key_are_made_once_and_told_again',
    async () => {
      const seed = Date.now();
      const random = seeded(seed);
      const dataDir = await newDataDir();
      const start = (round: number) =>
        Server.start({
          dataDir,
          env: { VERBATIM_OPERATOR_TOKEN: OPERATOR },
          clockOffsetMs: round * LATER_MS,
        });
      let server = await start(0);
      try {
        for (let round = 0; round < ROUNDS; round += 1) {
          const makeAll = () =>
            Promise.all([
              postAll(server.owner, '/api/api-keys', round),
              postAll(server.as(OPERATOR), '/api/organizations', round),
            ]);
          const cut = makeAll();
          await delay(random() * 120);
          await server.kill();
          const before = (await cut).flat();
          server = await start(round + 1);
          const after = (await makeAll()).flat();
          for (const [index, answer] of after.entries()) {
            expect(answer).toMatchObject({ status: 201, body: { key: expect.stringMatching(/^gai_/) } });
            if (before[index]) expect(answer?.body).toEqual(before[index].body);
          }
          const organizations = after.slice(AT_ONCE);
          for (const answer of organizations) {
            const own = await server.as(answer?.body.key).get('/api/organization');
            expect(own.body).toEqual({ organization: answer?.body.organization });
          }
          const { body } = await server.owner.get('/api/api-keys');
          const made = body.apiKeys.map((key: { name: string }) => key.name);
          expect(made).toHaveLength(1 + (round + 1) * AT_ONCE);
          expect(new Set(made).size).toBe(made.length);
        }
      } catch (error) {
        throw new Error(`seed ${seed}\n${server.printed.slice(-4000)}`, { cause: error });
      }
    },
    60_000 + ROUNDS * 30_000,
  );
});
