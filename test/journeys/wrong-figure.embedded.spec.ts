import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from '@jest/globals';
import { newAssessment } from '../support/candidate.js';
import { verbatim } from '../support/cli.js';
import { endAll, Server } from '../support/server.js';

describe('a wrong figure in the read models', () => {
  afterAll(endAll);

  it('does_not_stand_up_to_a_recomputation', async () => {
    let server = await Server.start();
    const assessmentId = await newAssessment(server.owner);
    const recording = join(process.cwd(), 'test/fixtures/recorded/agtrace-claude_session.jsonl');
    await verbatim(server, ['record', recording, '--assessment', assessmentId]);
    await server.stop();
    const file = new DatabaseSync(join(server.dataDir, 'read-models.db'));
    file
      .prepare(
        `UPDATE "cohorts.session_metrics.1.1" SET _body = json_set(_body, '$.sessionCount', 99) WHERE _id LIKE ?`,
      )
      .run(`%.${assessmentId}`);
    file.close();
    server = await Server.start({ dataDir: server.dataDir });
    const wrong = await verbatim(server, ['doctor', '--recompute']);
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toContain(`assessment ${assessmentId} differs\n  served      {"sessionCount":99,`);
    expect(wrong.stdout).toContain('\n  recomputed  {"sessionCount":1,');
    expect(wrong.stdout).toMatch(/submitted sessions: \d+ answers are not what the record says\.\n$/);
  });
});
