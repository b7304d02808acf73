import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { type AtWork, atWork, message, newAssessment } from '../support/candidate.js';
import { endAll, forgetReadModels, newDataDir, Server } from '../support/server.js';
import { ROUNDS, seeded } from './rounds.js';

const CANARY = 'canary-sparrow-4711';

async function expectGone(server: Server, candidate: AtWork, bystanders: number): Promise<void> {
  const path = `/api/sessions/${candidate.sessionId}`;
  for (const suffix of ['', '/events', '/replay', '/export', '/stream'])
    expect((await server.owner.get(path + suffix)).status).toBe(404);
  expect((await server.owner.delete(path)).status).toBe(404);
  const writing = await server.as(candidate.token).post(`${path}/events`, { events: [message('after')] });
  expect(writing.status).toBe(404);
  const list = (await server.owner.list('/api/sessions?limit=100')).body;
  expect(list).toHaveProperty('sessions');
  expect(list.sessions.map((session: { id: string }) => session.id)).not.toContain(candidate.sessionId);
  expect(list.total).toBe(bystanders);
}

async function filesWith(dataDir: string, text: string): Promise<string[]> {
  const needles = [
    Buffer.from(text),
    Buffer.from(text, 'utf16le'),
    Buffer.from(Buffer.from(text).toString('base64').slice(0, -4)),
  ];
  const found: string[] = [];
  for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name));
    if (needles.some((needle) => bytes.includes(needle))) found.push(entry.name);
  }
  return found;
}

describe('deleting a session', () => {
  afterAll(endAll);

  it(
    'while_its_candidate_writes_it_is_gone_and_stays_gone_after_kill_restart_and_rebuild',
    async () => {
      const random = seeded(Date.now());
      const dataDir = await newDataDir();
      let server = await Server.start({ dataDir });
      const assessmentId = await newAssessment(server.owner);
      await atWork(server, assessmentId, 'bystander@example.com');
      for (let round = 0; round < Math.min(ROUNDS, 12); round += 1) {
        const candidate = await atWork(server, assessmentId, `gone${round}@example.com`);
        const path = `/api/sessions/${candidate.sessionId}`;
        let deleted = false;
        const writing = (async () => {
          for (let batch = 0; ; batch += 1) {
            const events = [message(`b${batch}`, CANARY), message(`c${batch}`, CANARY.repeat(3000))];
            const answer = await candidate.workspace.post(`${path}/events`, { events }).catch(() => undefined);
            if (answer?.status !== 200) return;
            await candidate.workspace
              .post(`${path}/checkpoint`, { deliverableState: { batch, CANARY } })
              .catch(() => undefined);
          }
        })();
        await delay(20 + random() * 80);
        const deletion = server.owner
          .delete(path)
          .then((answer) => {
            deleted = answer.status === 200;
          })
          .catch(() => undefined);
        // Odd rounds: killed in the middle of the deletion.
        if (round % 2 === 1) {
          await delay(random() * 12);
          await server.kill();
        }
        await Promise.all([writing, deletion]);
        if (round % 2 === 1) {
          server = await Server.start({ dataDir });
          if (!deleted) await server.owner.delete(path);
        }
        await expectGone(server, candidate, 1);
      }
      await server.stop();
      expect(await filesWith(dataDir, CANARY)).toEqual([]);
      await forgetReadModels(dataDir);
      server = await Server.start({ dataDir });
      expect((await server.owner.list('/api/sessions')).body.total).toBe(1);
    },
    60_000 + ROUNDS * 15_000,
  );
});
