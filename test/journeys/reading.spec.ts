import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allEvents, atWork, message, newAssessment } from '../support/candidate.js';
import { endAll, OWNER_KEY, Server } from '../support/server.js';
import { Live } from '../support/sse.js';

describe('reading the record', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start();
  });

  afterAll(endAll);

  const write = async (candidate: { sessionId: string; token: string }, ...ids: string[]) => {
    const events = ids.map((id) => message(id, `text ${id}`));
    const answer = await server.as(candidate.token).post(`/api/sessions/${candidate.sessionId}/events`, { events });
    expect(answer.body.accepted).toEqual(ids);
  };

  it('a_live_reader_sees_everything_from_the_start_then_live_and_resumes_without_gap_or_repeat', async () => {
    const candidate = await atWork(server, await newAssessment(server.owner), 'live@example.com');
    await write(candidate, 'a', 'b');
    const path = `/api/sessions/${candidate.sessionId}/stream`;
    const live = await Live.open(server, path, OWNER_KEY);
    expect(live.response.headers.get('content-type')).toContain('text/event-stream');
    const seen = [];
    for (;;) {
      const one = await live.next();
      seen.push(one);
      if (JSON.parse(one.data).id === 'b') break;
    }
    expect(seen.map((one) => Number(one.id))).toEqual(seen.map((_, index) => index));
    const sent = Date.now();
    await write(candidate, 'c');
    const c = await live.next(1000);
    expect(JSON.parse(c.data)).toMatchObject({ id: 'c', type: 'user_message' });
    expect(Date.now() - sent).toBeLessThan(1000);
    live.close();

    await write(candidate, 'd', 'e');
    const resumed = await Live.open(server, path, OWNER_KEY, { 'last-event-id': c.id! });
    expect((await resumed.take(2)).map((one) => JSON.parse(one.data).id)).toEqual(['d', 'e']);
    resumed.close();
    const after = await Live.open(server, `${path}?after=${c.id}`, OWNER_KEY);
    expect((await after.take(2)).map((one) => Number(one.id))).toEqual([Number(c.id) + 1, Number(c.id) + 2]);
    after.close();
  });

  it('a_live_reader_sees_the_session_deleted_and_the_stream_ends', async () => {
    const assessmentId = await newAssessment(server.owner);
    for (let round = 0; round < 5; round += 1) {
      const candidate = await atWork(server, assessmentId, `deleted${round}@example.com`);
      const path = `/api/sessions/${candidate.sessionId}`;
      const live = await Live.open(server, `${path}/stream`, OWNER_KEY);
      await live.next();
      expect((await server.owner.delete(path)).status).toBe(200);
      await live.over();
    }
  });

  it('a_live_reader_whose_key_is_revoked_sees_nothing_of_what_comes_after', async () => {
    const candidate = await atWork(server, await newAssessment(server.owner), 'revoked@example.com');
    const made = (await server.owner.post('/api/api-keys', { name: 'Reader', role: 'reviewer' })).body;
    const paths = [`/api/sessions/${candidate.sessionId}/stream`, '/v1/events/stream'];
    const lives = await Promise.all(paths.map((path) => Live.open(server, path, made.key)));
    await write(candidate, 'before');
    for (const live of lives) while (JSON.parse((await live.next()).data).id !== 'before');
    expect((await server.owner.delete(`/api/api-keys/${made.apiKey.id}`)).status).toBe(200);
    await delay(1100);
    await write(candidate, 'after');
    for (const live of lives) {
      await live.over();
      // The feed may have told of the revocation itself; what came a second later it has not.
      expect(live.left.map(({ data }) => JSON.parse(data).id)).not.toContain('after');
    }
  });

  it('replay_shows_the_session_as_it_stood_at_any_event_or_time', async () => {
    const candidate = await atWork(server, await newAssessment(server.owner), 'replay@example.com');
    await write(candidate, 'one', 'two');
    const path = `/api/sessions/${candidate.sessionId}`;
    await candidate.workspace.post(`${path}/submit`, { deliverableState: { done: true } });
    const system = await allEvents(server.owner, candidate.sessionId, '&include=system');
    expect(system.map((event) => event.seq)).toEqual(system.map((_, index) => index));

    const statusAt = async (seq: number) => (await server.owner.get(`${path}/replay?at=${seq}`)).body.state.status;
    expect(await statusAt(0)).toBe('invited');
    expect(await statusAt(system.length - 1)).toBe('submitted');
    expect(await statusAt(system.length + 100)).toBe('submitted');
    const two = system.find((event) => event.id === 'two');
    const then = (await server.owner.get(`${path}/replay?at=${two.seq}`)).body;
    expect(then).toMatchObject({ seq: two.seq, state: { status: 'in_progress' } });
    const byTime = (await server.owner.get(`${path}/replay?atTime=${two.createdAt}`)).body;
    expect(byTime.seq).toBeGreaterThanOrEqual(two.seq);
    expect((await server.owner.get(`${path}/replay?atTime=2001-01-01T00:00:00.000Z`)).status).toBe(404);
  });

  it('the_export_is_the_whole_stream_as_lines_and_equals_what_the_pages_show', async () => {
    const candidate = await atWork(server, await newAssessment(server.owner), 'export@example.com');
    await write(candidate, ...Array.from({ length: 300 }, (_, index) => `e${index}`));
    const answer = await server.owner.get(`/api/sessions/${candidate.sessionId}/export`);
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = String(answer.body)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual(await allEvents(server.owner, candidate.sessionId, '&include=system'));
    expect(JSON.stringify(lines)).not.toContain('vst_');
  });

  it('the_feed_of_the_organization_is_in_commit_order_without_holes_and_blind_for_scorers', async () => {
    const { key } = (await server.owner.post('/api/api-keys', { name: 'scoring', role: 'scorer' })).body;
    const scorer = server.as(key);
    const start = (await scorer.get('/v1/events?limit=1000')).body;
    const candidate = await atWork(server, await newAssessment(server.owner), 'feed.person@example.com');
    await write(candidate, 'f1', 'f2');
    let after = start.nextCursor;
    const events = [];
    for (;;) {
      const page = await scorer.get(`/v1/events?limit=3${after ? `&after=${after}` : ''}`);
      expect(page.status).toBe(200);
      events.push(...page.body.events);
      after = page.body.nextCursor;
      if (!page.body.hasMore) break;
    }
    const mine = events.filter((event) => event.sessionId === candidate.sessionId);
    expect(mine.map((event) => event.seq)).toEqual(mine.map((_, index) => index));
    expect(JSON.stringify(events)).not.toContain('feed.person');
    const foreign = await scorer.get('/v1/events?after=0190a1b2.17');
    expect([foreign.status, foreign.body.error.code]).toEqual([400, 'invalid_cursor']);

    const live = await Live.open(server, `/v1/events/stream?after=${after}`, key);
    await write(candidate, 'f3');
    const message3 = await live.next();
    expect(JSON.parse(message3.data)).toMatchObject({ id: 'f3', sessionId: candidate.sessionId });
    live.close();
    const resumed = await Live.open(server, '/v1/events/stream', key, { 'last-event-id': message3.id! });
    await write(candidate, 'f4');
    expect(JSON.parse((await resumed.next()).data).id).toBe('f4');
    resumed.close();
  });

  it('a_page_of_a_rare_type_holds_as_many_as_were_asked_for_wherever_they_stand_in_the_log', async () => {
    const assessment = await newAssessment(server.owner);
    const invited = [];
    for (const name of ['rare1', 'rare2', 'rare3']) {
      const candidate = await atWork(server, assessment, `${name}@example.com`);
      await write(candidate, ...Array.from({ length: 130 }, (_, index) => `e${index}`));
      invited.push(candidate.sessionId);
    }
    const all = (await server.owner.get('/v1/events?types=session_invited')).body;
    expect(all.events.map((event: { sessionId: string }) => event.sessionId).slice(-3)).toEqual(invited);
    expect(all.hasMore).toBe(false);
    const two = (await server.owner.get('/v1/events?types=session_invited&limit=2')).body;
    expect(two.events).toEqual(all.events.slice(0, 2));
    const next = (await server.owner.get(`/v1/events?types=session_invited&limit=2&after=${two.nextCursor}`)).body;
    expect(next.events).toEqual(all.events.slice(2, 4));
  });
});
