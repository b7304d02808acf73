import { afterAll, describe, expect, it } from '@jest/globals';
import { allEvents, atWork, message, newAssessment } from '../support/candidate.js';
import { endAll, newDataDir, Server } from '../support/server.js';

describe('a full disk', () => {
  afterAll(endAll);

  it('answers_503_storage_unavailable_acknowledges_nothing_false_and_recovers_when_there_is_room', async () => {
    const dataDir = await newDataDir();
    let server = await Server.start({ dataDir });
    const assessmentId = await newAssessment(server.owner);
    const candidate = await atWork(server, assessmentId, 'full@example.com');
    await server.stop();

    server = await Server.start({ dataDir, env: { VERBATIM_MAX_PAGE_COUNT: '120' } });
    const path = `/api/sessions/${candidate.sessionId}/events`;
    const workspace = server.as(candidate.token);
    const acknowledged: string[] = [];
    let refused: string[] = [];
    for (let batch = 0; refused.length === 0; batch += 1) {
      expect(batch).toBeLessThan(200);
      const events = Array.from({ length: 10 }, (_, index) => message(`b${batch}-${index}`, 'x'.repeat(900)));
      const answer = await workspace.post(path, { events });
      if (answer.status === 200) acknowledged.push(...answer.body.accepted);
      else {
        expect(answer.status).toBe(503);
        expect(answer.body.error).toMatchObject({ type: 'server', code: 'storage_unavailable' });
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(JSON.stringify(answer.body)).not.toMatch(/sqlite|\/tmp|database/i);
        refused = events.map((event) => event.id);
      }
    }
    expect(acknowledged.length).toBeGreaterThan(0);
    // Reading goes on, and shows what was acknowledged and nothing else.
    expect((await allEvents(server.owner, candidate.sessionId)).map((event) => event.id)).toEqual(acknowledged);
    expect((await server.owner.get('/health/live')).status).toBe(200);
    await server.stop();

    server = await Server.start({ dataDir });
    const events = refused.map((id) => message(id));
    const answer = await server.as(candidate.token).post(path, { events });
    expect(answer.body.accepted).toEqual(refused);
    expect((await allEvents(server.owner, candidate.sessionId)).map((event) => event.id)).toEqual([
      ...acknowledged,
      ...refused,
    ]);
  });
});
