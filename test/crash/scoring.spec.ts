import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Caller } from '../support/caller.js';
import { atWork, feedOf, message, newAssessment } from '../support/candidate.js';
import { endAll, newDataDir, Server } from '../support/server.js';
import { until } from '../support/until.js';

const DYING = fileURLToPath(new URL('../support/dying-server.js', import.meta.url));
const STEPS = [
  'before the claim',
  'after the claim',
  'before the acknowledgement',
  'after the acknowledgement',
  'before the score',
  'after the score',
];
/** By then every lease and every wait after a failure is over. */
const HOUR = 3_600_000;

const factsOf = async (owner: Caller, sessionId: string): Promise<string[]> => {
  const facts = await feedOf(owner, ['scoring_requested', 'scoring_started', 'score_recorded']);
  return facts.filter(({ subjectId }) => subjectId === sessionId).map(({ type }) => type);
};

describe('a scorer killed at any step', () => {
  afterAll(endAll);

  it('leaves_every_session_scored_once', async () => {
    const dataDir = await newDataDir();
    const setUp = await Server.start({ dataDir });
    const assessmentId = await newAssessment(setUp.owner);
    await setUp.stop();

    const sessions = new Map<string, string>();
    for (const step of STEPS) {
      const dying = await Server.start({ dataDir, main: DYING, env: { VERBATIM_SCORERS: '2', DIE_AT: step } });
      const { sessionId, workspace } = await atWork(dying, assessmentId, `${step.replaceAll(' ', '.')}@example.com`);
      await workspace.post(`/api/sessions/${sessionId}/events`, { events: [message('m1')] });
      // Whether the answer still comes is a matter of luck.
      await workspace.post(`/api/sessions/${sessionId}/submit`, {}).catch(() => undefined);
      expect(await dying.exited()).toBeNull();
      sessions.set(step, sessionId);
    }

    const server = await Server.start({ dataDir, env: { VERBATIM_SCORERS: '2' }, clockOffsetMs: HOUR });
    for (const [step, sessionId] of sessions) {
      const answer = await until(
        async () => (await server.owner.get(`/api/sessions/${sessionId}`)).body.session,
        ({ status }) => status === 'scored',
        60_000,
      );
      expect([step, answer.status]).toEqual([step, 'scored']);
      const facts = await factsOf(server.owner, sessionId);
      const wasLost = step !== 'before the claim' && step !== 'after the score';
      expect([step, ...facts]).toEqual([
        step,
        'scoring_requested',
        'scoring_started',
        ...(wasLost ? ['scoring_started'] : []),
        'score_recorded',
      ]);
    }
    await server.stop();
  }, 300_000);
});
