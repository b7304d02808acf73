import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allEvents, atWork, message, newAssessment } from '../support/candidate.js';
import { endAll, newDataDir, Server } from '../support/server.js';

/** What `docs/operations.md` has an operator copy from a stopped server. */
const BACKED_UP = ['log.db', 'ops.db', 'consumers.db', 'artifacts', 'secret'];

const copy = async (from: string, names: readonly string[], to?: string): Promise<string> => {
  const target = to ?? (await newDataDir());
  for (const name of names) await cp(join(from, name), join(target, name), { recursive: true });
  return target;
};

describe('a restore', () => {
  let assessmentId: string;
  let sessionId: string;
  let backup: string;
  /** The data directory as it went on after the backup. */
  let later: string;

  beforeAll(async () => {
    const before = await Server.start();
    assessmentId = await newAssessment(before.owner);
    const candidate = await atWork(before, assessmentId, 'one@example.com');
    ({ sessionId } = candidate);
    // So large that it stands among the artifacts.
    const events = [message('large', 'x'.repeat(100_000))];
    await candidate.workspace.post(`/api/sessions/${sessionId}/events`, { events });
    await before.stop();
    later = before.dataDir;
    backup = await copy(later, BACKED_UP);
    const after = await Server.start({ dataDir: later, env: { VERBATIM_SCORERS: '1' } });
    await after.owner.delete(`/api/sessions/${sessionId}`);
    for (const name of ['two', 'three']) await atWork(after, assessmentId, `${name}@example.com`);
    await after.stop();
  });
  afterAll(endAll);

  const expectWhole = async (server: Server): Promise<void> => {
    expect((await server.owner.get('/api/sessions')).body).toMatchObject({ total: 1, sessions: [{ id: sessionId }] });
    const events = await allEvents(server.owner, sessionId);
    expect(events.find(({ id }) => id === 'large').data.content).toHaveLength(100_000);
    await atWork(server, assessmentId, 'new@example.com');
    expect((await server.owner.get('/api/sessions')).body.total).toBe(2);
    await server.stop();
  };

  it('of the files backed up together brings everything back, lists included', async () => {
    await expectWhole(await Server.start({ dataDir: await copy(backup, BACKED_UP) }));
  });

  it('that left newer read models in the folder builds them anew', async () => {
    const dataDir = await copy(later, ['read-models.db'], await copy(backup, BACKED_UP));
    await expectWhole(await Server.start({ dataDir }));
  });

  it('of a log that is older than the operational store is refused in one line', async () => {
    const dataDir = await copy(later, ['ops.db', 'artifacts'], await copy(backup, BACKED_UP));
    const server = await Server.launch({ dataDir });
    expect(await server.exited()).toBe(1);
    expect(server.printed).toContain('they are not of one backup');
  });

  it('of a log that is older than its consumers is refused in one line, and goes on without their file', async () => {
    const dataDir = await copy(later, ['consumers.db'], await copy(backup, BACKED_UP));
    const server = await Server.launch({ dataDir });
    expect(await server.exited()).toBe(1);
    expect(server.printed).toContain('consumers.db belongs to another log');
    for (const name of ['consumers.db', 'consumers.db-wal', 'consumers.db-shm'])
      await rm(join(dataDir, name), { force: true });
    await expectWhole(await Server.start({ dataDir }));
  });

  it('without the secret is refused in one line', async () => {
    const server = await Server.launch({ dataDir: await copy(backup, ['log.db', 'ops.db', 'artifacts']) });
    expect(await server.exited()).toBe(1);
    expect(server.printed).toContain('VERBATIM_SECRET is not the one');
  });
});
