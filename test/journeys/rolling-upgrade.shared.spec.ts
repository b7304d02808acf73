import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { newAssessment } from '../support/candidate.js';
import { endAll, newDataDir, Server } from '../support/server.js';
import { until } from '../support/until.js';

const NEWER = fileURLToPath(new URL('../support/newer-server.js', import.meta.url));

interface ListState {
  readonly name: string;
  readonly version: number;
  readonly state: string;
}

const sessionList = async (server: Server): Promise<ListState> => {
  const { body } = await server.as(undefined).get('/health/ready');
  return body.projections.find(({ name }: ListState) => name === 'sessions');
};

describe('a rolling upgrade', () => {
  afterAll(endAll);

  it('builds_the_new_lists_while_old_servers_answer_and_each_shows_its_own_writes', async () => {
    const dataDir = await newDataDir();
    const [first, second] = [await Server.start({ dataDir }), await Server.start({ dataDir })];
    const assessmentId = await newAssessment(first.owner);
    let invited = 0;
    const inviteAndList = async (server: Server): Promise<void> => {
      invited += 1;
      const invitation = { email: `number${invited}@example.com`, sendEmail: false };
      const answer = await server.owner.post(`/api/assessments/${assessmentId}/invite`, invitation);
      expect(answer.status).toBe(201);
      const list = await server.owner.list('/api/sessions?limit=1');
      expect([list.status, list.body.total]).toEqual([200, invited]);
    };
    await inviteAndList(second);

    // Ready, although the old ones stay: that is what a roll-out waits for.
    const newer = await Server.start({ dataDir, main: NEWER });
    const { version } = await sessionList(first);
    expect(await sessionList(newer)).toMatchObject({ version: version + 1, state: 'live' });
    for (const server of [first, newer, second, newer]) await inviteAndList(server);
    expect(await sessionList(first)).toMatchObject({ version, state: 'live' });

    // One of the old ones projected for both; the other takes that over, or reads what the newer one keeps up.
    expect(await first.stop()).toBe(0);
    for (const server of [second, newer]) await inviteAndList(server);
    expect(await second.stop()).toBe(0);
    await inviteAndList(newer);
    const ready = await until(
      () => newer.as(undefined).get('/health/ready'),
      ({ body }) => body.status === 'ready',
    );
    expect(ready.body.policies.length).toBeGreaterThan(0);
    expect(await newer.stop()).toBe(0);
  }, 180_000);
});
