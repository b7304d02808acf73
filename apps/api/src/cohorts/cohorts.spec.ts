import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AtDesk, ROLES, refusal, SessionDesk } from '../sessions/testing/session-desk.js';

const MINUTE = 60_000;

/** How many of the others are below, metric by metric. */
interface Ranks {
  readonly duration: number;
  readonly prompts: number;
  readonly failures: number;
  readonly verifications: number;
  readonly edits: number;
  readonly latency: number;
}

let desk: SessionDesk;
beforeAll(async () => {
  desk = await SessionDesk.open();
});
afterAll(() => desk.close());

const stats = (assessmentId: string, sessionId?: string, key?: string) =>
  desk.get(`/v1/assessments/${assessmentId}/cohort-stats${sessionId ? `?sessionId=${sessionId}` : ''}`, key);

const times = <Value>(count: number, make: (nth: number) => Value): Value[] =>
  Array.from({ length: count }, (_, nth) => make(nth));

/** A session in which each metric grows with its rank. */
const work = async (assessmentId: string, ranks: Ranks, testsPass: boolean): Promise<AtDesk> => {
  const candidate = await desk.invite(assessmentId);
  await desk.post(candidate, '/start');
  const started = desk.api.clock.now();
  desk.api.clock.advance(20 * MINUTE);
  const firstChange = started + (1 + ranks.latency) * MINUTE;
  const done = (type: string, data: object, nth: number, timestampMs = firstChange + 2 * MINUTE) => ({
    id: `${type} ${nth} ${JSON.stringify(data)}`,
    type,
    timestampMs,
    data,
  });
  const tests = { passed: 4, failed: testsPass ? 0 : 1 };
  const events = [
    // Twelve AI changes in one bundle, the first of all changes among them.
    ...times(12, (nth) => done('ai_tool_use', { change: { artifactId: `file-${nth}` } }, nth, firstChange)),
    ...times(1 + ranks.prompts, (nth) => done('user_message', { content: `Prompt ${nth}` }, nth)),
    ...times(20, (nth) => done('workflow_run', { exec: { kind: 'command', ok: nth >= ranks.failures } }, nth)),
    ...times(1 + ranks.verifications, (nth) => done('workflow_run', { exec: { kind: 'test', tests } }, nth)),
    ...times(1 + ranks.edits, (nth) => done('manual_edit', { targetPath: `src/${nth}.ts`, change: {} }, nth)),
  ];
  expect((await desk.post(candidate, '/events', { events })).body).toMatchObject({ rejected: [] });
  desk.api.clock.advance(5 * ranks.duration * MINUTE);
  await desk.post(candidate, '/submit');
  return candidate;
};

const even = (rank: number): Ranks => ({
  duration: rank,
  prompts: rank,
  failures: rank,
  verifications: rank,
  edits: rank,
  latency: rank,
});

describe('a cohort of twelve, as on the reference page', () => {
  const ours: Ranks = { duration: 8, prompts: 5, failures: 2, verifications: 7, edits: 8, latency: 4 };
  let assessmentId: string;
  let subject: AtDesk;

  beforeAll(async () => {
    assessmentId = await desk.assess({ setupTimeMinutes: 0, taskTimeMinutes: 600 });
    subject = await work(assessmentId, ours, true);
    for (const nth of times(11, (rank) => rank)) {
      // The eleven others share the ranks that are left.
      const beside = Object.fromEntries(
        Object.entries(ours).map(([metric, own]) => [metric, nth < own ? nth : nth + 1]),
      );
      await work(assessmentId, beside as unknown as Ranks, nth >= 3);
    }
  });

  it('has_the_percentiles_of_the_reference_page_and_its_test_pass_rate', async () => {
    const { status, body } = await stats(assessmentId, subject.id);
    expect(status).toBe(200);
    expect(JSON.stringify(body)).toBe(
      JSON.stringify({
        cohortStats: {
          sessionCount: 12,
          metrics: {
            // 20 minutes and 5 for each rank; ranks are 0 to 11, 5.5 on average.
            avgDurationMs: 47.5 * MINUTE,
            avgPromptCount: 6.5,
            avgCommandFailRate: 0.275,
            avgVerifyIntensity: 6.5,
            // (1/13 + 2/14 + … + 12/24) / 12 = 3.927 / 12
            avgManualEditRatio: 0.327,
            avgFirstChangeLatencyMs: 6.5 * MINUTE,
            testPassRate: 75,
          },
          percentiles: {
            durationMs: 0.727,
            promptCount: 0.455,
            commandFailRate: 0.818,
            verifyIntensity: 0.636,
            manualEditRatio: 0.727,
            firstChangeLatencyMs: 0.364,
          },
        },
      }),
    );
  });

  it('has_no_key_for_percentiles_when_nobody_asked_for_them', async () => {
    const { body } = await stats(assessmentId);
    expect(Object.keys(body.cohortStats)).toEqual(['sessionCount', 'metrics']);
  });
});

describe('cohort statistics', () => {
  it('are_null_until_somebody_submits_and_know_no_percentile_of_one', async () => {
    const assessmentId = await desk.assess({ setupTimeMinutes: 0, taskTimeMinutes: 600 });
    const waiting = await desk.invite(assessmentId);
    expect((await stats(assessmentId)).body).toEqual({ cohortStats: null });
    expect((await stats(assessmentId, waiting.id)).body).toEqual({ cohortStats: null });
    const alone = await work(assessmentId, even(3), true);
    expect((await stats(assessmentId, alone.id)).body.cohortStats).toMatchObject({
      sessionCount: 1,
      percentiles: null,
    });
    await work(assessmentId, even(4), true);
    expect((await stats(assessmentId, waiting.id)).body.cohortStats).toMatchObject({
      sessionCount: 2,
      percentiles: null,
    });
    const { percentiles } = (await stats(assessmentId, alone.id)).body.cohortStats;
    expect(percentiles).toMatchObject({ durationMs: 0, commandFailRate: 1 });
  });

  it('let_ties_beat_nobody_and_leave_out_who_has_no_value', async () => {
    const assessmentId = await desk.assess({ setupTimeMinutes: 0, taskTimeMinutes: 600 });
    const first = await work(assessmentId, even(3), true);
    await work(assessmentId, even(3), true);
    const idle = await desk.invite(assessmentId);
    await desk.post(idle, '/start');
    await desk.post(idle, '/submit');
    const tied = (await stats(assessmentId, first.id)).body.cohortStats;
    expect(tied).toMatchObject({
      sessionCount: 3,
      metrics: { avgPromptCount: 2.667, avgCommandFailRate: 0.15, testPassRate: 100 },
      // The third has no command and no change: it counts in the first two alone.
      percentiles: { durationMs: 0.5, promptCount: 0.5, commandFailRate: 0, manualEditRatio: 0 },
    });
    expect((await stats(assessmentId, idle.id)).body.cohortStats.percentiles).toEqual({
      durationMs: 0,
      promptCount: 0,
      commandFailRate: null,
      verifyIntensity: null,
      manualEditRatio: null,
      firstChangeLatencyMs: null,
    });
  });

  it('take_in_who_the_clock_submitted_let_go_who_is_reopened_and_forget_who_is_deleted', async () => {
    const assessmentId = await desk.assess({ setupTimeMinutes: 0, taskTimeMinutes: 30 });
    const slow = await desk.invite(assessmentId);
    await desk.post(slow, '/start');
    desk.api.clock.advance(31 * MINUTE);
    await desk.get(slow.path);
    const reopened = await desk.api.ask('PATCH', slow.path, { reopen: { minutes: 10, reason: 'outage' } });
    expect(reopened.status).toBe(200);
    expect((await stats(assessmentId)).body).toEqual({ cohortStats: null });
    await desk.post(slow, '/submit');
    expect((await stats(assessmentId)).body.cohortStats).toMatchObject({
      sessionCount: 1,
      metrics: { avgDurationMs: 31 * MINUTE, avgCommandFailRate: null, testPassRate: null },
    });
    await desk.api.ask('DELETE', slow.path);
    expect((await stats(assessmentId)).body).toEqual({ cohortStats: null });
    expect(await stats(assessmentId, slow.id)).toMatchObject(refusal(404, 'not_found'));
  });

  it('are_not_found_for_what_is_not_there_or_not_of_this_assessment_or_not_yours', async () => {
    const assessmentId = await desk.assess();
    const elsewhere = await desk.atWork();
    expect(await stats('nowhere')).toMatchObject(refusal(404, 'not_found'));
    expect(await stats(assessmentId, 'nobody')).toMatchObject(refusal(404, 'not_found'));
    expect(await stats(assessmentId, elsewhere.id)).toMatchObject(refusal(404, 'not_found'));
    expect(await stats(assessmentId, undefined, desk.stranger)).toMatchObject(refusal(404, 'not_found'));
    await desk.api.ask('DELETE', `/api/assessments/${assessmentId}`);
    expect(await stats(assessmentId)).toMatchObject(refusal(404, 'not_found'));
  });

  it('are_for_reviewers_admins_and_auditors', async () => {
    const assessmentId = await desk.assess();
    const candidate = await desk.atWork();
    for (const url of [`/v1/assessments/${assessmentId}/cohort-stats`, '/v1/metrics']) {
      for (const role of ROLES) {
        const allowed = !['scorer', 'runtime'].includes(role);
        expect([role, (await desk.get(url, desk.keys[role])).status]).toEqual([role, allowed ? 200 : 403]);
      }
      expect((await desk.get(url, candidate.token)).status).toBe(403);
      expect((await desk.api.ask('GET', url, undefined, null)).status).toBe(401);
    }
  });

  it('come_with_what_every_metric_means', async () => {
    const { body } = await desk.get('/v1/metrics');
    expect(body).toMatchObject({ metricsVersion: 1 });
    expect(body.metrics.map(({ name }: { name: string }) => name)).toEqual([
      'durationMs',
      'promptCount',
      'commandFailRate',
      'verifyIntensity',
      'manualEditRatio',
      'firstChangeLatencyMs',
      'testPassRate',
    ]);
    expect(body.metrics[2]).toEqual({
      name: 'commandFailRate',
      cohortName: 'avgCommandFailRate',
      formula: expect.stringContaining('Tests are left out'),
      unit: 'ratio',
      range: { min: 0, max: 1 },
      nullRule: 'Null when no command was run.',
      direction: 'lower',
    });
  });
});
