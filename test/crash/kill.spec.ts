import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type AtWork, allEvents, atWork, message, newAssessment } from '../support/candidate.js';
import { endAll, forgetReadModels, newDataDir, Server } from '../support/server.js';
import { until } from '../support/until.js';
import { ROUNDS, seeded } from './rounds.js';

const WRITERS = 6;
const BATCH = 7;

interface Written {
  readonly candidate: AtWork;
  /** Batches in the order they were sent; the last may be unanswered. */
  readonly acknowledged: string[][];
  unanswered: string[] | undefined;
}

/** Posts one batch after the other until the server is gone. */
async function writeUntilKilled(written: Written, prefix: string): Promise<void> {
  for (let batch = 0; ; batch += 1) {
    const ids = Array.from({ length: BATCH }, (_, index) => `${prefix}-${batch}-${index}`);
    written.unanswered = ids;
    const events = ids.map((id) => message(id, `text of ${id}`));
    const answer = await written.candidate.workspace
      .post(`/api/sessions/${written.candidate.sessionId}/events`, { events })
      .catch(() => undefined);
    if (!answer) return;
    expect(answer.status).toBe(200);
    expect(answer.body.accepted).toEqual(ids);
    written.acknowledged.push(ids);
    written.unanswered = undefined;
  }
}

async function checkStored(server: Server, written: Written): Promise<void> {
  const stored = (await allEvents(server.owner, written.candidate.sessionId)).map((event) => event.id as string);
  const acknowledged = written.acknowledged.flat();
  expect(stored.slice(0, acknowledged.length)).toEqual(acknowledged);
  const beyond = stored.slice(acknowledged.length);
  // A batch that was cut off is there as a whole or not at all.
  if (beyond.length > 0) {
    expect(beyond).toEqual(written.unanswered);
    written.acknowledged.push(beyond);
  }
  written.unanswered = undefined;
}

async function everySession(server: Server): Promise<unknown[]> {
  const sessions: unknown[] = [];
  for (;;) {
    const page = await server.owner.list(`/api/sessions?limit=100&offset=${sessions.length}`);
    expect(page.status).toBe(200);
    sessions.push(...page.body.sessions);
    if (sessions.length >= page.body.total) return sessions;
  }
}

describe('kill -9 under load', () => {
  afterAll(endAll);

  it(
    'every_acknowledged_event_is_there_once_in_order_and_read_models_equal_a_rebuild',
    async () => {
      const seed = Date.now();
      const random = seeded(seed);
      const dataDir = await newDataDir();
      let server = await Server.start({ dataDir });
      const assessmentId = await newAssessment(server.owner);
      const all: Written[] = [];
      try {
        for (let round = 0; round < ROUNDS; round += 1) {
          const fresh = await Promise.all(
            Array.from({ length: WRITERS }, (_, writer) =>
              atWork(server, assessmentId, `r${round}w${writer}@example.com`),
            ),
          );
          const written = fresh.map((candidate) => ({
            candidate,
            acknowledged: [] as string[][],
            unanswered: undefined,
          }));
          all.push(...written);
          const writing = Promise.all(written.map((one, writer) => writeUntilKilled(one, `r${round}w${writer}`)));
          // Somewhere in the next batches, however fast the machine is.
          const enough = Math.floor(1 + random() * 8 * WRITERS);
          await until(
            async () => written.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
            (count) => count >= enough,
            60_000,
            1,
          );
          await delay(random() * 15);
          await server.kill();
          await writing;
          server = await Server.start({ dataDir });
          for (const one of written) await checkStored(server, one);
        }
        // Sessions of earlier rounds were not touched by later kills.
        for (const one of all) await checkStored(server, one);
        expect(all.flatMap((one) => one.acknowledged).length).toBeGreaterThan(0);

        const asProjected = await everySession(server);
        expect(asProjected).toHaveLength(all.length);
        await server.stop();
        await forgetReadModels(dataDir);
        server = await Server.start({ dataDir });
        expect(await everySession(server)).toEqual(asProjected);
      } catch (error) {
        throw new Error(`seed ${seed}\n${server.printed.slice(-4000)}`, { cause: error });
      }
    },
    60_000 + ROUNDS * 30_000,
  );

  it(
    'an_invite_cut_off_between_any_two_steps_is_completed_by_asking_again',
    async () => {
      const random = seeded(Date.now());
      const dataDir = await newDataDir();
      let server = await Server.start({ dataDir });
      const assessmentId = await newAssessment(server.owner);
      for (let round = 0; round < ROUNDS; round += 1) {
        const emails = Array.from({ length: 40 }, (_, index) => `round${round}.${index}@example.com`);
        const inviteAll = () =>
          Promise.all(
            emails.map((email) =>
              server.owner.post(`/api/assessments/${assessmentId}/invite`, { email }).catch(() => undefined),
            ),
          );
        const cut = inviteAll();
        await delay(random() * 60);
        await server.kill();
        const before = await cut;
        server = await Server.start({ dataDir });
        const after = await inviteAll();
        for (const [index, answer] of after.entries()) {
          expect([200, 201]).toContain(answer?.status);
          const earlier = before[index];
          if (earlier?.status === 201) {
            expect(answer?.status).toBe(200);
            expect(answer?.body.session.id).toBe(earlier.body.session.id);
          }
        }
        for (const list of [`/api/sessions?assessmentId=${assessmentId}&limit=100`, '/api/candidates?limit=1']) {
          const answer = await server.owner.list(list);
          expect([answer.status, answer.body.total]).toEqual([200, emails.length * (round + 1)]);
        }
      }
    },
    60_000 + ROUNDS * 30_000,
  );
});
