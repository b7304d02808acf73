import { afterAll, describe, expect, it } from '@jest/globals';
import { atWork, newAssessment } from '../support/candidate.js';
import { logLines } from '../support/log-lines.js';
import { endAll, Server } from '../support/server.js';
import { until } from '../support/until.js';

const THREADS = ['read-models-writer', 'read-models-reader', 'ops-store', 'consumer-groups'];
const KILLER = new URL('../support/thread-killer.js', import.meta.url).href;
const ROUNDS = 3;
const EACH_ROUND = 12;

describe('a server whose threads die', () => {
  afterAll(endAll);

  it('refuses what they held and nothing else, starts others in their place and loses nothing', async () => {
    const server = await Server.start({
      env: {
        NODE_OPTIONS: `--import=${KILLER}`,
        KILL_THREADS: THREADS.join(),
        VERBATIM_SCORERS: '2',
        LOG_LEVEL: 'warn',
      },
    });
    const deaths = () => THREADS.map((name) => server.printed.split(`killed ${name}\n`).length - 1);
    const assessmentId = await newAssessment(server.owner);

    /** As a client does who heeds 503. */
    const invited = (email: string) =>
      until(
        async () => {
          const { status, body } = await server.owner.post(`/api/assessments/${assessmentId}/invite`, { email });
          return [status, body.error?.code].join(' ');
        },
        (answer) => {
          expect(answer).toMatch(/^(20[01] |503 storage_unavailable)$/);
          return !answer.startsWith('503');
        },
      );
    for (let round = 1; round <= ROUNDS; round += 1) {
      const inviting = Array.from({ length: EACH_ROUND }, (_, at) => invited(`c${round}-${at}@example.com`));
      process.kill(server.pid, 'SIGUSR2');
      await Promise.all(inviting);
      // A thread that died young is followed after a pause.
      await until(
        async () => {
          if (deaths().some((count) => count < round)) process.kill(server.pid, 'SIGUSR2');
          return deaths();
        },
        (counts) => counts.every((count) => count >= round),
        30_000,
        200,
      );
    }

    const total = await until(
      async () => (await server.owner.get('/api/sessions?limit=1')).body.total,
      (count) => count !== undefined && count >= ROUNDS * EACH_ROUND,
    );
    expect(total).toBe(ROUNDS * EACH_ROUND);
    const { sessionId, workspace } = await until(
      () => atWork(server, assessmentId, 'last@example.com').catch(() => undefined),
      (candidate) => candidate !== undefined,
    ).then((candidate) => candidate!);
    await workspace.post(`/api/sessions/${sessionId}/submit`, {});
    await until(
      async () => (await server.owner.get(`/api/sessions/${sessionId}`)).body.session?.status,
      (status) => status === 'scored',
      60_000,
    );
    await server.ready();
    const lines = logLines(server);
    for (const { message } of lines)
      expect(message).toMatch(
        /^The (operational store|read models|consumer groups) \(.+\) (failed once|(is|are) (away: .+ ended|back after))/,
      );
    expect(lines.length).toBeLessThanOrEqual(2 * deaths().reduce((sum, count) => sum + count));
    expect(lines.filter(({ err, stack }) => err !== undefined || stack !== undefined)).toEqual([]);
    expect(await server.stop()).toBe(0);
  }, 120_000);
});
