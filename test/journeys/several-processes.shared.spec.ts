import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { allEvents, atWork, message, newAssessment } from '../support/candidate.js';
import { endAll, newDataDir, Server } from '../support/server.js';
import { until } from '../support/until.js';

const SCORER = fileURLToPath(new URL('../../apps/scoring/src/main.js', import.meta.url));

/** Servers of one house: each on the same log, read models and operational store. */
const serversOf = async (dataDir: string, count: number, env: Record<string, string> = {}): Promise<Server[]> =>
  Promise.all(Array.from({ length: count }, () => Server.start({ dataDir, env })));

const madeKey = ({ printed }: Server): string | undefined => /^ {2}(gai_[\w-]{20,})$/m.exec(printed)?.[1];

describe('several processes on shared stores', () => {
  afterAll(endAll);

  it('that_start_at_once_on_empty_stores_make_one_organization_and_tell_one_key', async () => {
    const servers = await serversOf(await newDataDir(), 3, { VERBATIM_ADMIN_KEY: '' });
    const keys = new Set(servers.map(madeKey).filter((key) => key !== undefined));
    expect(keys.size).toBe(1);
    const [key] = keys;
    const organizations = await Promise.all(
      servers.map(async (server) => (await server.as(key).get('/api/organization')).body.organization.id),
    );
    expect(new Set(organizations).size).toBe(1);
    for (const server of servers) await server.stop();
  });

  it('show_each_other_what_was_written_to_a_caller_who_names_its_position', async () => {
    const [one, other] = (await serversOf(await newDataDir(), 2)) as [Server, Server];
    const assessmentId = await newAssessment(one.owner);
    for (let round = 0; round < 20; round += 1) {
      const [here, there] = round % 2 ? [one, other] : [other, one];
      const email = `round${round}@example.com`;
      const invited = await here.owner.post(`/api/assessments/${assessmentId}/invite`, { email, sendEmail: false });
      expect(invited.status).toBe(201);
      const position = invited.headers.get('x-verbatim-position')!;
      const list = await there.owner.get('/api/sessions?limit=1', { 'x-verbatim-position': position });
      expect(list.body).toMatchObject({ total: round + 1, sessions: [{ id: invited.body.session.id }] });
      // Their own writes they see without saying anything.
      expect((await here.owner.get('/api/sessions?limit=1')).body.total).toBe(round + 1);
    }
    await Promise.all([one.stop(), other.stop()]);
  });

  it('write_one_session_at_once_and_lose_and_double_nothing_though_one_is_killed', async () => {
    const dataDir = await newDataDir();
    const [one, other] = (await serversOf(dataDir, 2)) as [Server, Server];
    const assessmentId = await newAssessment(one.owner);
    const { sessionId, token } = await atWork(one, assessmentId, 'both@example.com');
    const ids = Array.from({ length: 60 }, (_, index) => `m${index}`);
    let answered = 0;
    const send = async (id: string, index: number): Promise<void> => {
      for (const server of index % 2 ? [one, other] : [other, one]) {
        const answer = await server
          .as(token)
          .post(`/api/sessions/${sessionId}/events`, { events: [message(id)] })
          .catch(() => undefined);
        answered += 1;
        if (answered === 20) await one.kill();
        if (answer?.status === 200) return;
      }
      // Both were too busy, or one was dead and the other too busy: a client asks again.
      await send(id, 2 * index);
    };
    for (let at = 0; at < ids.length; at += 10) await Promise.all(ids.slice(at, at + 10).map(send));
    const stored = (await allEvents(other.owner, sessionId)).map(({ id }) => id as string);
    expect(stored).toHaveLength(ids.length);
    expect(new Set(stored)).toEqual(new Set(ids));
    // Whichever projected before: the other one does now.
    const invited = await other.owner.post(`/api/assessments/${assessmentId}/invite`, { email: 'later@example.com' });
    const total = await until(
      async () => (await other.owner.get('/api/sessions')).body.total,
      (count) => count === 2,
      40_000,
    );
    expect([invited.status, total]).toEqual([201, 2]);
    await other.stop();
  });

  it('refuse_a_key_that_another_revoked_within_five_seconds', async () => {
    const [one, other] = (await serversOf(await newDataDir(), 2)) as [Server, Server];
    const made = await one.owner.post('/api/api-keys', { name: 'short-lived', role: 'auditor' });
    const { key, apiKey } = made.body;
    expect((await other.as(key).get('/api/sessions')).status).toBe(200);
    await one.owner.delete(`/api/api-keys/${apiKey.id}`);
    expect((await one.as(key).get('/api/sessions')).status).toBe(401);
    const status = await until(
      async () => (await other.as(key).get('/api/sessions')).status,
      (answer) => answer === 401,
      6_000,
    );
    expect(status).toBe(401);
    await Promise.all([one.stop(), other.stop()]);
  });

  it('score_in_processes_of_their_own_each_session_once', async () => {
    const dataDir = await newDataDir();
    const server = await Server.start({ dataDir, env: { VERBATIM_SCORERS: '0' } });
    const assessmentId = await newAssessment(server.owner);
    const scorers = await Promise.all(
      [1, 2].map(() => Server.launch({ dataDir, main: SCORER, env: { VERBATIM_SCORERS: '2' } })),
    );
    const candidates = await Promise.all(
      Array.from({ length: 8 }, (_, index) => atWork(server, assessmentId, `scored${index}@example.com`)),
    );
    for (const [index, { sessionId, workspace }] of candidates.entries()) {
      await workspace.post(`/api/sessions/${sessionId}/events`, { events: [message('m1')] });
      await workspace.post(`/api/sessions/${sessionId}/submit`, {});
      if (index === 3) await scorers[0]!.kill();
    }
    await until(
      async () => (await server.owner.get(`/api/sessions?assessmentId=${assessmentId}&status=scored`)).body.total,
      (total) => total === candidates.length,
      60_000,
    );
    for (const { sessionId } of candidates)
      expect((await server.owner.get(`/api/sessions/${sessionId}/scores`)).body.scores).toHaveLength(1);
    await scorers[1]!.stop();
    await server.stop();
  });
});
