import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newAssessment } from '../support/candidate.js';
import { verbatim } from '../support/cli.js';
import { endAll, Server } from '../support/server.js';

const RECORDED = join(process.cwd(), 'test/fixtures/recorded');
const FILES = readdirSync(RECORDED).filter((file) => file !== 'README.md');

describe('the statistics of recorded work', () => {
  let server: Server;
  beforeAll(async () => {
    server = await Server.start();
  });
  afterAll(endAll);

  const record = async (...files: readonly string[]): Promise<string> => {
    const assessmentId = await newAssessment(server.owner);
    const paths = files.map((file) => join(RECORDED, file));
    expect(await verbatim(server, ['record', ...paths, '--assessment', assessmentId])).toMatchObject({ code: 0 });
    return assessmentId;
  };
  const stats = async (assessmentId: string) =>
    (await server.owner.get(`/v1/assessments/${assessmentId}/cohort-stats`)).body.cohortStats;
  const duration = async (assessmentId: string): Promise<number> => {
    const [session] = (await server.owner.get(`/api/sessions?assessmentId=${assessmentId}`)).body.sessions;
    return Date.parse(session.submittedAt) - Date.parse(session.taskStartedAt);
  };

  it('of_the_claude_code_session_are_those_worked_out_by_hand', async () => {
    const assessmentId = await record('agtrace-claude_session.jsonl');
    // A cohort of one: its means are the session's own figures.
    expect(await stats(assessmentId)).toEqual({
      sessionCount: 1,
      metrics: {
        avgDurationMs: await duration(assessmentId),
        // "add myapp directory …" and "cd to myapp and run python hoge.py"; "/exit" is a slash command.
        avgPromptCount: 2,
        // mkdir -p myapp: ok. cd myapp && python hoge.py: failed. cd myapp && python3 hoge.py: ok. 1/3.
        avgCommandFailRate: 0.333,
        // One bundle, the Write of hoge.py. Nothing was tested, linted, built or looked up: 0/1.
        avgVerifyIntensity: 0,
        // The candidate changed nothing, the AI one file: 0/(0+1).
        avgManualEditRatio: 0,
        // The recording is older than the session it is played into: the Write happened when the task began.
        avgFirstChangeLatencyMs: 0,
        testPassRate: null,
      },
    });
  });

  it('of_the_codex_session_are_those_worked_out_by_hand', async () => {
    const assessmentId = await record('agtrace-codex_session.jsonl');
    expect(await stats(assessmentId)).toEqual({
      sessionCount: 1,
      metrics: {
        avgDurationMs: await duration(assessmentId),
        // The same two prompts.
        avgPromptCount: 2,
        // mkdir -p myapp: exit code 0. python hoge.py: 1, and again: 1. python3 hoge.py: 0. 2/4.
        avgCommandFailRate: 0.5,
        // One apply_patch makes one bundle, and nothing verifies it.
        avgVerifyIntensity: 0,
        avgManualEditRatio: 0,
        avgFirstChangeLatencyMs: 0,
        testPassRate: null,
      },
    });
  });

  it('stand_up_to_a_recomputation', async () => {
    await record(...FILES);
    const sound = await verbatim(server, ['doctor', '--recompute']);
    expect(sound).toMatchObject({ code: 0, stderr: '' });
    expect(sound.stdout).toBe(
      `3 assessments, ${FILES.length + 2} submitted sessions: every figure is what the record says.\n`,
    );
  });
});
