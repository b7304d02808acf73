import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { failureOf as failure } from '../support/failure.js';
import { endAll, OWNER_KEY, Server } from '../support/server.js';

describe('the data directory', () => {
  afterAll(endAll);

  it('every_file_it_keeps_is_for_its_own_user_alone', async () => {
    const server = await Server.start();
    const { body } = await server.as(OWNER_KEY).post('/api/assessments', { name: 'Senior PM' });
    await server.as(OWNER_KEY).post(`/api/assessments/${body.assessment.id}/invite`, { email: 'jane@example.com' });
    await server.stop();
    const kept = await readdir(server.dataDir, { recursive: true });
    const modes = await Promise.all(kept.map(async (name) => [name, (await stat(join(server.dataDir, name))).mode]));
    expect(kept).toEqual(expect.arrayContaining(['log.db', 'ops.db', 'read-models.db', 'secret']));
    expect(modes.filter(([, mode]) => Number(mode) & 0o077)).toEqual([]);
  });

  it('a_second_process_on_the_same_data_is_refused_in_one_line_and_the_first_goes_on', async () => {
    const first = await Server.start();
    expect(await failure(await Server.launch({ dataDir: first.dataDir }))).toContain('in use by another process');
    expect((await first.owner.get('/api/assessments')).status).toBe(200);
    await first.stop();
  });

  it('without_its_operational_store_is_refused_in_one_line', async () => {
    const first = await Server.start();
    await first.stop();
    for (const name of await readdir(first.dataDir)) if (name.startsWith('ops.db')) await rm(join(first.dataDir, name));
    expect(await failure(await Server.launch({ dataDir: first.dataDir }))).toContain(
      'Restore the one that belongs to this log.',
    );
  });
});
