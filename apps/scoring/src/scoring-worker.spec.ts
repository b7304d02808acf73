import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { VerbatimError } from '#platform';
import { until } from '#platform/testing/until.js';
import { JudgeError, offlineJudge } from '#scoring';
import { DeleteSession } from '#sessions';
import { Gate, judgeAfter } from './testing/judges.js';
import { ScoringHouse } from './testing/scoring-house.js';

const HOUR = 3_600_000;

describe('scorers', () => {
  let house: ScoringHouse;
  beforeEach(async () => {
    house = await ScoringHouse.open();
  });
  afterEach(() => house.close());

  const reaches = (sessionId: string, status: string): Promise<void> =>
    until(async () => (await house.session(sessionId)).status === status);
  const has = (sessionId: string, fact: string, times = 1): Promise<void> =>
    until(async () => (await house.facts(sessionId)).filter((type) => type === fact).length >= times);

  it('score what was submitted before they came and what is submitted after', async () => {
    const before = await house.submitted();
    await house.scorer({ judge: offlineJudge });
    await reaches(before, 'scored');
    const after = await house.submitted();
    await reaches(after, 'scored');
    expect(await house.facts(after)).toEqual(['scoring_requested', 'scoring_started', 'score_recorded']);
    const { scoring } = await house.session(after);
    expect(scoring.runs).toMatchObject([{ attempt: 1, result: { judge: 'offline' } }]);
  });

  it('score a session again when somebody asks, and keep the earlier run', async () => {
    const sessionId = await house.submitted();
    await house.scorer({ judge: offlineJudge });
    await reaches(sessionId, 'scored');
    await house.ask(sessionId);
    await has(sessionId, 'score_recorded', 2);
    expect((await house.session(sessionId)).scoring.runs).toHaveLength(2);
  });

  it('share the work: two at once claim and score each session once', async () => {
    const sessions: string[] = [];
    for (let index = 0; index < 12; index += 1) sessions.push(await house.submitted());
    await Promise.all([1, 2].map(() => house.scorer({ judge: offlineJudge, concurrency: 3 })));
    for (const sessionId of sessions) {
      await reaches(sessionId, 'scored');
      expect(await house.facts(sessionId)).toEqual(['scoring_requested', 'scoring_started', 'score_recorded']);
    }
  });

  it('keep the claim of a judge that is slower than the lease', async () => {
    const gate = new Gate();
    const sessionId = await house.submitted();
    await house.scorer({ judge: gate.judge, leaseMs: 60 });
    await until(() => gate.waiting.size > 0);
    // Each renewal is for a lease from then on: in the end five lengths of it have passed.
    for (let renewals = 1; renewals <= 10; renewals += 1) {
      house.advance(30);
      await has(sessionId, 'scoring_started', 1 + renewals);
    }
    gate.open();
    await reaches(sessionId, 'scored');
    const { runs } = (await house.session(sessionId)).scoring;
    expect(runs).toMatchObject([{ attempt: 1 }]);
    expect(await house.facts(sessionId)).not.toContain('scoring_failed');
  });

  it('leave a claim that was lost, and whoever takes over scores once', async () => {
    const gate = new Gate();
    const sessionId = await house.submitted();
    await house.scorer({ judge: gate.judge, leaseMs: 600 });
    await until(() => gate.waiting.size > 0);
    await house.scorer({ judge: offlineJudge });
    // The next renewal comes too late: by then the run has failed.
    house.advance(HOUR);
    await has(sessionId, 'scoring_failed');
    // Either scorer may take over, the one that lost it as well.
    gate.open();
    await reaches(sessionId, 'scored');
    const facts = await house.facts(sessionId);
    expect(facts.slice(0, 4)).toEqual(['scoring_requested', 'scoring_started', 'scoring_failed', 'scoring_retry_due']);
    expect(facts.filter((type) => type === 'score_recorded')).toHaveLength(1);
    expect((await house.session(sessionId)).scoring.runs).toMatchObject([{ attempt: 2 }]);
  });

  it('set a submission aside that no judge survives, score the others meanwhile, and take it up when asked again', async () => {
    let isMended = false;
    const judge = judgeAfter((assessment) => {
      if (assessment === 'Poison' && !isMended) throw new TypeError('cannot read this');
    });
    const poison = await house.submitted('Poison');
    const others = [await house.submitted(), await house.submitted()];
    await house.scorer({ judge });
    for (const other of others) await reaches(other, 'scored');
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await has(poison, 'scoring_failed', attempt);
      // Those who ask need not wait for the retry.
      if (attempt < 5) await house.ask(poison);
    }
    const parked = await house.session(poison);
    expect(parked).toMatchObject({ status: 'submitted', scoring: { parked: expect.anything(), request: null } });
    isMended = true;
    await house.ask(poison);
    await reaches(poison, 'scored');
  });

  it('write down of an error that nobody foresaw nothing but where in the log it is told', async () => {
    const secret = 'connect ECONNREFUSED mongodb://verbatim:hunter2@10.0.0.7';
    const sessionId = await house.submitted('Unforeseen');
    const judge = judgeAfter(() => {
      throw new TypeError(secret);
    });
    await house.scorer({ judge });
    const lines: unknown[][] = [];
    const keep = (...line: unknown[]): void => void lines.push(line);
    Logger.overrideLogger({ log: keep, warn: keep, error: keep });
    await has(sessionId, 'scoring_failed');
    const [reason] = await house.reasons(sessionId);
    const [, reference] = /^internal_error: see the log under reference ([0-9a-f-]{36})$/.exec(String(reason)) ?? [];
    expect(reference).toBeDefined();
    await until(() => lines.some(([entry]) => (entry as { reference?: unknown }).reference === reference));
    const [entry] = lines.find(([line]) => (line as { reference?: unknown }).reference === reference)!;
    expect(entry).toMatchObject({ err: expect.objectContaining({ message: secret }), sessionId });
    Logger.overrideLogger(false);
  });

  it.each([
    [
      'of the judge, as it says it',
      new JudgeError('unavailable', 'The model\u2019s server answered 503.'),
      'The model\u2019s server answered 503.',
    ],
    [
      'of the catalogue, by its code',
      new VerbatimError('storage_unavailable', 'mongodb://10.0.0.7 is away'),
      'storage_unavailable',
    ],
  ])('write down errors %s', async (_, error, reason) => {
    const sessionId = await house.submitted();
    const judge = judgeAfter(() => {
      throw error;
    });
    await house.scorer({ judge });
    await has(sessionId, 'scoring_failed');
    expect(await house.reasons(sessionId)).toEqual([reason]);
  });

  it('wait as long as the judge asks for, and then try again', async () => {
    let asked = 0;
    const judge = judgeAfter(() => {
      asked += 1;
      if (asked === 1) throw new JudgeError('unavailable', 'Too many requests.', 45_000);
    });
    const sessionId = await house.submitted();
    await house.scorer({ judge });
    await has(sessionId, 'scoring_failed');
    const { request } = (await house.session(sessionId)).scoring;
    expect(request).toMatchObject({ attempts: 1, retryAt: house.room.clock.now() + 45_000 });
    house.advance(45_001);
    await house.ask(sessionId);
    await reaches(sessionId, 'scored');
  });

  it('park at once what the judge will refuse again', async () => {
    const judge = judgeAfter(() => {
      throw new JudgeError('refused', 'The model does not exist.');
    });
    const sessionId = await house.submitted();
    await house.scorer({ judge });
    await has(sessionId, 'scoring_parked');
    expect(await house.facts(sessionId)).toEqual(['scoring_requested', 'scoring_started', 'scoring_parked']);
  });

  it('record nothing of a session that is deleted while it is judged, and go on with the next', async () => {
    const gate = new Gate();
    const { room, orgId } = house;
    const deleted = await house.submitted('To be deleted');
    await house.scorer({ judge: gate.judge });
    await until(() => gate.waiting.size > 0);
    await room.commands.execute(new DeleteSession(room.context(), orgId, deleted));
    gate.open();
    const next = await house.submitted();
    await reaches(next, 'scored');
    await expect(house.session(deleted)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('finish what they are about when they stop, and hand back what takes too long', async () => {
    const gate = new Gate();
    const sessionId = await house.submitted();
    const patient = await house.scorer({ judge: gate.judge });
    await until(() => gate.waiting.size > 0);
    const stopped = patient.stop();
    gate.open();
    await stopped;
    expect((await house.session(sessionId)).status).toBe('scored');

    const shut = new Gate();
    const unfinished = await house.submitted();
    const impatient = await house.scorer({ judge: shut.judge });
    await until(() => shut.waiting.size > 0);
    await impatient.stop(0);
    expect(await house.facts(unfinished)).toContain('scoring_failed');
    await house.scorer({ judge: offlineJudge });
    await house.ask(unfinished);
    await reaches(unfinished, 'scored');
  });
});
