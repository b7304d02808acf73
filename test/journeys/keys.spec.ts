import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findBytes } from '../support/byte-search.js';
import { newAssessment } from '../support/candidate.js';
import { refusalOf } from '../support/refusal.js';
import { endAll, Server } from '../support/server.js';

describe('candidate keys', () => {
  let server: Server;
  let assessmentId: string;

  beforeAll(async () => {
    server = await Server.start();
    assessmentId = await newAssessment(server.owner, { name: 'Backend', taskPrompt: 'Fix the parser.' });
  });

  afterAll(endAll);

  const issue = async (wish: object): Promise<{ id: string; key: string }[]> =>
    (await server.owner.post(`/v1/assessments/${assessmentId}/keys`, wish)).body.keys;
  const redeem = (key: string) => server.as(undefined).post('/v1/candidate/redeem', { key });

  it('a_key_leads_from_redeeming_to_completion_and_is_listed_behind_both_doors', async () => {
    const [given] = await issue({ count: 1, candidateEmails: ['ada@example.com'], candidateNames: ['Ada'] });
    const { sessionId, taskBrief } = (await redeem(given!.key.toLowerCase())).body;
    expect(taskBrief).toBe('Fix the parser.');
    const tool = { 'x-api-key': given!.key };
    const event = { id: 'e-1', sessionId, ts: Date.now(), kind: 'prompt', data: { content: 'Where is it?' } };
    expect((await server.as(undefined).post('/v1/hooks/ingest', event, tool)).status).toBe(201);
    expect((await server.as(undefined).post('/v1/candidate/complete', { sessionId }, tool)).status).toBe(200);
    const { candidates } = (await server.owner.get('/v1/candidates?limit=1')).body;
    expect(candidates).toMatchObject([
      { key: given!.key, status: 'completed', sessionId, candidateName: 'Ada', assessmentTitle: 'Backend' },
    ]);
    expect((await server.owner.get(`/api/sessions/${sessionId}`)).body.session).toMatchObject({
      candidateEmail: 'ada@example.com',
      status: 'submitted',
    });
  });

  it('a_copy_of_the_files_gives_no_key_away_and_a_killed_server_keeps_them', async () => {
    const keys = await issue({ count: 3 });
    const { dataDir } = server;
    await server.kill();
    const texts = Object.fromEntries(keys.map(({ key }, at) => [`key ${at}`, key]));
    expect(findBytes(dataDir, texts)).toEqual([]);
    server = await Server.start({ dataDir });
    const { body } = await server.owner.get(`/v1/assessments/${assessmentId}/keys`);
    expect(body.keys.slice(-3)).toEqual(keys);
    expect((await redeem(keys[0]!.key)).status).toBe(200);
  });

  it('ten_wrong_keys_lock_their_address_out_also_for_right_ones', async () => {
    const { dataDir } = server;
    const [given] = await issue({ count: 1 });
    await server.stop();
    server = await Server.start({ dataDir, env: { VERBATIM_RATE_LIMIT: 'on' } });
    for (let at = 0; at < 10; at += 1) expect(refusalOf(await redeem('PST-AAAA-AAAA'))).toEqual([401, 'invalid_key']);
    const locked = await redeem(given!.key);
    expect(refusalOf(locked)).toEqual([429, 'rate_limited']);
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(590);
    const byHeader = await server.as(given!.key).get('/api/candidate/session');
    expect(refusalOf(byHeader)).toEqual([429, 'rate_limited']);
    expect((await server.owner.get('/v1/candidates')).status).toBe(200);
  });
});
