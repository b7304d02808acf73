import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { atWork, message, newAssessment } from '../support/candidate.js';
import { endAll, Server } from '../support/server.js';
import { until } from '../support/until.js';

const EXAMPLES = fileURLToPath(new URL('../../../docs/examples/', import.meta.url));

describe('the examples of scorers elsewhere', () => {
  let server: Server;
  let scorerKey: string;
  let places: string;
  let people = 0;
  const running = new Set<ChildProcess>();

  beforeAll(async () => {
    server = await Server.start();
    scorerKey = (await server.owner.post('/api/api-keys', { name: 'elsewhere', role: 'scorer' })).body.key;
    places = await mkdtemp(join(tmpdir(), 'verbatim-examples-'));
  });
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await endAll();
    await rm(places, { recursive: true, force: true });
  });

  const submitted = async (prompts: number): Promise<string> => {
    people += 1;
    const assessmentId = await newAssessment(server.owner, { autoScore: false });
    const { sessionId, workspace } = await atWork(server, assessmentId, `person.${people}@example.com`);
    const events = Array.from({ length: prompts }, (_, at) => message(`m-${at}`, `What does line ${at} mean?`));
    if (events.length > 0) await workspace.post(`/api/sessions/${sessionId}/events`, { events });
    await workspace.post(`/api/sessions/${sessionId}/submit`, {});
    return sessionId;
  };

  const run = (command: string, place: string, ...args: string[]): ChildProcess => {
    const env = {
      PATH: process.env['PATH'] ?? '',
      VERBATIM_URL: server.url,
      VERBATIM_API_KEY: scorerKey,
      PLACE_FILE: join(places, place),
    };
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    running.add(child);
    child.once('exit', () => running.delete(child));
    return child;
  };

  const scoresOf = async (sessionId: string) =>
    (await server.owner.get(`/api/sessions/${sessionId}/scores`)).body.scores;
  const scored = (sessionId: string) =>
    until(
      () => scoresOf(sessionId),
      ({ length }) => length > 0,
    );

  it('external-scorer.ts follows what is submitted, and goes on where it was killed', async () => {
    const scorer = () => run(process.execPath, 'ts', join(EXAMPLES, 'external-scorer.ts'));
    const first = await submitted(3);
    const child = scorer();
    const [score] = await scored(first);
    expect(score).toMatchObject({ judge: 'external', model: 'external-scorer.ts', finalScore: 60 });
    const { quote, eventId } = score.autoScores.categories.delegation.subCriteria[0].evidence[0];
    expect({ quote, eventId }).toEqual({ quote: 'What does line 0 mean?', eventId: 'm-0' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const second = await submitted(5);
    const again = scorer();
    expect((await scored(second))[0]).toMatchObject({ finalScore: 100 });
    again.kill('SIGKILL');
    expect(await scoresOf(first)).toHaveLength(1);
  });

  it('external_scorer.py takes what there is, once, and abstains where there is nothing to quote', async () => {
    const scorer = () => run('python3', 'py', join(EXAMPLES, 'external_scorer.py'), '--once');
    const [said, silent] = [await submitted(1), await submitted(0)];
    expect(await once(scorer(), 'exit')).toEqual([0, null]);
    const byPython = async (sessionId: string) =>
      (await scoresOf(sessionId)).filter(({ model }: { model: string }) => model === 'external_scorer.py');
    expect(await byPython(said)).toMatchObject([{ finalScore: 20 }]);
    expect(await byPython(silent)).toMatchObject([{ finalScore: null, rawTotal: 0 }]);
    const third = await submitted(2);
    expect(await once(scorer(), 'exit')).toEqual([0, null]);
    expect(await byPython(third)).toMatchObject([{ finalScore: 40 }]);
    expect(await byPython(said)).toHaveLength(1);
  });
});
