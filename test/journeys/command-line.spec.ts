import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allEvents, atWork, message, newAssessment } from '../support/candidate.js';
import { verbatim } from '../support/cli.js';
import { endAll, Server } from '../support/server.js';
import { until } from '../support/until.js';

const RECORDED = join(process.cwd(), 'test/fixtures/recorded');
const FILES = readdirSync(RECORDED).filter((file) => file !== 'README.md');

describe('the command line', () => {
  let server: Server;

  beforeAll(async () => {
    server = await Server.start({
      env: { VERBATIM_OPERATOR_TOKEN: 'operator-token-of-the-journeys-0123456789', VERBATIM_SCORERS: '2' },
    });
  });

  afterAll(endAll);

  it('rebuild_builds_the_lists_anew_while_they_are_read_and_names_what_there_is', async () => {
    const env = { VERBATIM_OPERATOR_TOKEN: 'operator-token-of-the-journeys-0123456789' };
    await newAssessment(server.owner, { name: 'Read meanwhile' });
    const before = await server.owner.get('/api/assessments?limit=100');
    const one = await verbatim(server, ['rebuild', '--projection', 'assessments'], env);
    expect([one.code, one.stdout]).toEqual([0, 'assessments: built anew\n']);
    const all = await verbatim(server, ['rebuild'], env);
    expect(all.code).toBe(0);
    const { projections } = (await server.as(env.VERBATIM_OPERATOR_TOKEN).get('/api/projections')).body;
    const builds = projections.map(({ name, build, state }: Record<string, unknown>) => [name, build, state]);
    expect(all.stdout.trim().split('\n').toSorted()).toEqual(
      builds.map(([name]: [string]) => `${name}: built anew`).toSorted(),
    );
    for (const [name, build, state] of builds)
      expect([name, build, state]).toEqual([name, name === 'assessments' ? 3 : 2, 'live']);
    expect((await server.owner.get('/api/assessments?limit=100')).body).toEqual(before.body);
    const unknown = await verbatim(server, ['rebuild', '--projection', 'asessments'], env);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('projection must be one of')]);
    expect((await verbatim(server, ['rebuild'])).stderr).toContain('VERBATIM_OPERATOR_TOKEN');
  });

  it('record_plays_every_recorded_file_in_and_the_second_run_stores_nothing_twice', async () => {
    const assessmentId = await newAssessment(server.owner, { autoScore: false });
    const args = ['record', ...FILES.map((file) => join(RECORDED, file)), '--assessment', assessmentId];
    const first = await verbatim(server, args);
    expect([first.code, first.stderr]).toEqual([0, '']);
    const list = (await server.owner.get(`/api/sessions?assessmentId=${assessmentId}&limit=100`)).body;
    expect(list.total).toBe(FILES.length);
    for (const session of list.sessions) expect(session.status).toBe('submitted');
    expect(first.stdout).toContain('broken:');
    expect(first.stdout).toContain('line 10, 11: user without a message');

    const second = await verbatim(server, args);
    expect(second.code).toBe(0);
    expect(second.stdout).not.toMatch(/[1-9]\d* events stored/);
    expect((await server.owner.get(`/api/sessions?assessmentId=${assessmentId}&limit=100`)).body).toEqual(list);
  });

  it('a_recorded_session_reads_like_the_original', async () => {
    const assessmentId = await newAssessment(server.owner);
    const file = join(RECORDED, 'agtrace-claude_session.jsonl');
    const run = await verbatim(server, [
      'record',
      file,
      '--assessment',
      assessmentId,
      '--candidate',
      'ada@example.com',
    ]);
    expect(run.code).toBe(0);
    const { sessions } = (await server.owner.get(`/api/sessions?assessmentId=${assessmentId}`)).body;
    expect(sessions[0].candidateEmail).toBe('ada@example.com');
    const events = await allEvents(server.owner, sessions[0].id);
    expect(
      events.map((event) => [
        event.type,
        event.data.content ?? event.data.exec?.label ?? event.data.tool ?? event.data.command,
      ]),
    ).toEqual([
      ['user_message', 'add myapp directory and create myapp/hoge.py which shows result of print(1+1).'],
      ['ai_response', "I'll create the myapp directory and then create the hoge.py file with the print statement."],
      ['ai_tool_use', 'mkdir -p myapp'],
      ['ai_tool_use', 'Write'],
      ['ai_response', expect.stringContaining("Done! I've created the `myapp` directory")],
      ['user_message', 'cd to myapp and run python hoge.py'],
      ['ai_tool_use', 'cd myapp && python hoge.py'],
      ['ai_tool_use', 'cd myapp && python3 hoge.py'],
      ['ai_response', expect.stringContaining('Perfect!')],
      ['slash_command', '/exit'],
      ['task_submitted', undefined],
    ]);
    expect(events[0].timestampMs).toBe(Date.parse('2025-12-09T19:47:42.930Z'));
    expect(events[3].data).toMatchObject({ ok: true, change: { actor: 'ai', charsAdded: 11 } });
    expect(events[3].data.raw).toHaveLength(3);
  });

  it('with_speed_10_steps_arrive_ten_times_faster_than_they_happened', async () => {
    const assessmentId = await newAssessment(server.owner);
    const whole = readFileSync(join(RECORDED, 'claude-code-transcripts-sample.jsonl'), 'utf8');
    const file = join(mkdtempSync(join(tmpdir(), 'recorded-')), 'first-twenty-seconds.jsonl');
    // A prompt, an answer and a tool call 5 s later, another call 10 s after that.
    writeFileSync(file, whole.split('\n').slice(0, 6).join('\n'));
    const run = await verbatim(server, ['record', file, '--assessment', assessmentId, '--speed', '10']);
    expect(run.code).toBe(0);
    const { sessions } = (await server.owner.get(`/api/sessions?assessmentId=${assessmentId}`)).body;
    const times = (await allEvents(server.owner, sessions[0].id)).map((event) => event.timestampMs);
    expect(times).toHaveLength(5);
    const [prompt, answer, , secondCall] = times;
    expect(answer - prompt).toBeGreaterThanOrEqual(490);
    expect(secondCall - prompt).toBeGreaterThanOrEqual(1490);
    rmSync(dirname(file), { recursive: true });
  });

  it('a_file_that_is_missing_or_of_no_known_format_is_named_and_the_others_are_played', async () => {
    const assessmentId = await newAssessment(server.owner);
    const good = join(RECORDED, 'claude-code-transcripts-sample.jsonl');
    const files = [join(RECORDED, 'README.md'), join(RECORDED, 'missing.jsonl'), RECORDED, good];
    const run = await verbatim(server, ['record', ...files, '--assessment', assessmentId]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('missing.jsonl: cannot be read (ENOENT)');
    expect(run.stderr).toContain('recorded: cannot be read (EISDIR)');
    expect(run.stderr).toContain('README.md: no known format');
    expect((await server.owner.get(`/api/sessions?assessmentId=${assessmentId}`)).body.total).toBe(1);
  });

  it('demo_fills_a_believable_organization_and_the_same_seed_again_changes_nothing', async () => {
    const made = await verbatim(server, ['org', 'create', 'Demo Ltd'], {
      VERBATIM_OPERATOR_TOKEN: 'operator-token-of-the-journeys-0123456789',
    });
    expect(made.code).toBe(0);
    const key = made.stdout.trim();
    const owner = server.as(key);
    const first = await verbatim(server, ['demo'], { VERBATIM_API_KEY: key });
    expect([first.code, first.stderr.replaceAll(/\s/g, '')]).toEqual([0, expect.not.stringContaining('refused')]);
    const list = (await owner.get('/api/sessions?limit=100')).body;
    const { assessments } = (await owner.get('/v1/assessments')).body;
    expect(assessments).toHaveLength(3);
    const coding = assessments.find(({ title }: { title: string }) => title.startsWith('Coding')).id;
    const { cohortStats } = (await owner.get(`/v1/assessments/${coding}/cohort-stats`)).body;
    expect(cohortStats.sessionCount).toBe(12);
    for (const value of Object.values(cohortStats.metrics)) expect(value).not.toBeNull();
    expect(list.total).toBe(50 + 12);
    const statuses = new Set(list.sessions.map((session: { status: string }) => session.status));
    expect(statuses).toEqual(new Set(['invited', 'setup', 'in_progress', 'submitted', 'scored', 'reviewed']));
    // A claim stands while a scorer works and no longer, and there is no door through which the demo could hold one.
    expect(first.stdout).toContain('none is being scored: that lasts as long as a scorer works');
    const isPlayed = (one: { status: string; assessmentId: string }) =>
      ['submitted', 'scored', 'reviewed'].includes(one.status) && one.assessmentId !== coding;
    for (const session of list.sessions.filter(isPlayed)) {
      const { total } = (await owner.get(`/api/sessions/${session.id}/events?limit=1`)).body;
      expect(total).toBeGreaterThanOrEqual(40);
      expect(total).toBeLessThanOrEqual(402);
    }
    const calibration = await verbatim(server, ['scoring', 'calibrate'], { VERBATIM_API_KEY: key });
    expect(calibration.stdout).toMatch(/8 reviewed sessions\n( {2}\w+ +n +8 {2}of \d+ points {2}kappa [-\d.]+ .*\n)+/);
    const again = await verbatim(server, ['demo'], { VERBATIM_API_KEY: key });
    expect(again.stdout).toContain('0 events stored');
    expect((await owner.get('/api/sessions?limit=100')).body).toEqual(list);
  }, 120_000);

  it('human_scores_in_a_file_are_held_against_the_judge', async () => {
    const assessmentId = await newAssessment(server.owner);
    const sessions: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const { sessionId, workspace } = await atWork(server, assessmentId, `gold${index}@example.com`);
      const texts = Array.from({ length: 3 * index + 1 }, (_, at) => message(`m${at}`, `Please check row ${at}: why?`));
      await workspace.post(`/api/sessions/${sessionId}/events`, { events: texts });
      await workspace.post(`/api/sessions/${sessionId}/submit`, {});
      await until(
        async () => (await server.owner.get(`/api/sessions/${sessionId}`)).body.session.status,
        (status) => status === 'scored',
      );
      sessions.push(sessionId);
    }
    const lines = ['sessionId,categoryId,score', ...sessions.map((id, index) => `${id},description,${2 * index}`)];
    const file = join(mkdtempSync(join(tmpdir(), 'gold-')), 'gold.csv');
    writeFileSync(file, [...lines, `${randomUUID()},description,3`, `${sessions[0]},charm,3`, ''].join('\n'));
    const run = await verbatim(server, ['scoring', 'calibrate', file]);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.stdout).toContain('7 human scores of 6 sessions, judge offline');
    expect(run.stdout).toMatch(/description +n +5 {2}of 20 points {2}kappa [-\d.]+ {2}mean difference [\d.]+\n/);
    expect(run.stdout).toMatch(/left out: \S+ description: .*404 No such session/);
    expect(run.stdout).toContain('charm: its rubric has no such category.');
    rmSync(dirname(file), { recursive: true });
  });

  it('what_is_parked_is_listed_and_asked_for_again', async () => {
    const none = await verbatim(server, ['scoring', 'parked']);
    expect(none.stdout).toBe('Nothing is parked.\n');
    const unknown = await verbatim(server, ['scoring', 'replay', randomUUID()]);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringMatching(/No such session/)]);
    const nobody = await verbatim(server, ['scoring', 'replay']);
    expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('--all')]);
  });

  it('keys_are_made_listed_and_revoked', async () => {
    const made = await verbatim(server, ['keys', 'create', 'an auditor', '--role', 'auditor']);
    const key = made.stdout.trim();
    expect(key).toMatch(/^gai_/);
    expect((await server.as(key).get('/api/sessions')).status).toBe(200);
    const listed = await verbatim(server, ['keys']);
    const id = listed.stdout
      .split('\n')
      .find((line) => line.includes('an auditor'))
      ?.split('  ')[0];
    expect(listed.stdout).not.toContain(key);
    expect((await verbatim(server, ['keys', 'revoke', String(id)])).code).toBe(0);
    expect((await server.as(key).get('/api/sessions')).status).toBe(401);
  });

  it('trouble_is_one_plain_line', async () => {
    const noKey = await verbatim(server, ['keys'], { VERBATIM_API_KEY: '' });
    expect([noKey.code, noKey.stderr]).toEqual([1, expect.stringContaining('VERBATIM_API_KEY')]);
    const nobody = await verbatim(server, ['keys'], { VERBATIM_URL: 'http://127.0.0.1:9' });
    expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('Is the server running')]);
    for (const run of [noKey, nobody]) expect(run.stderr).not.toMatch(/\n\s+at /);
  });
});
