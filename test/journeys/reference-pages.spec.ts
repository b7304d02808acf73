import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newAssessment } from '../support/candidate.js';
import { endAll, OWNER_KEY, Server } from '../support/server.js';

const FIXTURES = join(process.cwd(), 'test/fixtures/reference');
const DAY = 86_400_000;

describe('the commands of the reference pages', () => {
  let server: Server;
  let assessmentId: string;
  let folder: string;

  beforeAll(async () => {
    server = await Server.start();
    folder = await mkdtemp(join(tmpdir(), 'reference-'));
    await cp(join(FIXTURES, 'candidates.csv'), join(folder, 'candidates.csv'));
    assessmentId = await newAssessment(server.owner);
  });

  afterAll(async () => {
    await endAll();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs a page's command with base URL, key, id and date changed. */
  async function run(script: string): Promise<string> {
    const printed = (await readFile(join(FIXTURES, script), 'utf8'))
      .replaceAll('https://app.trygradient.ai', server.url)
      .replaceAll('gai_your_key', OWNER_KEY)
      .replaceAll('your-assessment-id', assessmentId)
      .replaceAll('2025-02-01T23:59:59Z', new Date(Date.now() + 30 * DAY).toISOString().replace(/T.*/, 'T23:59:59Z'));
    const { stdout } = await promisify(execFile)('bash', ['-c', printed], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', API_KEY: OWNER_KEY, ASSESSMENT_ID: assessmentId },
    });
    return stdout;
  }

  const total = async (path: string): Promise<number> => (await server.owner.get(path)).body.total;

  it('bulk_invite_prints_one_link_each_and_the_second_run_changes_nothing', async () => {
    const first = (await run('bulk-invite.sh')).trim().split('\n');
    expect(first).toHaveLength(3);
    for (const line of first) expect(JSON.parse(line)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/s\/vst_[\w-]+$/);
    expect(new Set(first).size).toBe(3);
    const mails = await total('/api/outbox');

    expect((await run('bulk-invite.sh')).trim().split('\n')).toEqual(first);
    expect(await total(`/api/sessions?assessmentId=${assessmentId}`)).toBe(3);
    expect(await total('/api/outbox')).toBe(mails);
  });

  it('bulk_invite_from_csv_answers_json_a_line_and_the_second_run_changes_nothing', async () => {
    const first = (await run('bulk-invite-csv.sh'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first.map((answer) => answer.session.candidateName)).toEqual([
      'Dana Scully',
      'Fox Mulder',
      'Walter Skinner',
    ]);
    expect(first.map((answer) => answer.created)).toEqual([true, true, true]);
    const second = (await run('bulk-invite-csv.sh'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(second.map((answer) => answer.created)).toEqual([false, false, false]);
    expect(second.map((answer) => answer.session)).toEqual(first.map((answer) => answer.session));
  });

  it('a_due_date_on_a_repeated_invite_is_answered_with_what_is_stored', async () => {
    const answer = JSON.parse(await run('due-date.sh'));
    expect(answer.created).toBe(false);
    expect(answer.session).toMatchObject({
      candidateEmail: 'alice@company.com',
      candidateName: 'alice',
      dueDate: null,
    });
  });

  it('a_due_date_on_a_new_invite_overrides_the_assessments', async () => {
    assessmentId = await newAssessment(server.owner);
    const answer = JSON.parse(await run('due-date.sh'));
    expect(answer.created).toBe(true);
    expect(answer.session.dueDate).toMatch(/T23:59:59\.000Z$/);
    expect(JSON.parse(await run('due-date.sh')).session).toEqual(answer.session);
  });

  it('the_monitor_prints_name_and_status_of_each_session', async () => {
    const printed = (await run('monitor.sh')).trim();
    expect(printed.replaceAll(/\s+/g, ' ')).toBe('{ "name": "alice", "status": "invited" }');
  });

  it('sessions_list_by_status_has_the_documented_fields', async () => {
    const list = JSON.parse(await run('list-submitted.sh'));
    expect(list).toMatchObject({ sessions: [], total: 0, limit: 20, offset: 0 });
    const { body } = await server.owner.get('/api/sessions?limit=1');
    for (const field of [
      'id',
      'assessmentId',
      'candidateId',
      'token',
      'status',
      'setupStartedAt',
      'taskStartedAt',
      'submittedAt',
      'dueDate',
      'createdAt',
      'candidateName',
      'candidateEmail',
      'assessmentName',
    ])
      expect(body.sessions[0]).toHaveProperty(field);
  });
});
