import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endAll, newDataDir, Server } from '../support/server.js';
import { SharedStores } from '../support/shared-stores.js';
import { until } from '../support/until.js';
import type { Bench, BenchResult } from './bench.js';
import { inTurns, moments, readySessions, submit } from './scoring.bench.js';

const SCORER = fileURLToPath(new URL('../../apps/scoring/src/main.js', import.meta.url));
const SESSIONS = 120;
const EVENTS_EACH = 100;
const PROCESSES = [1, 2, 4];
const TICK_MS = 10;

/** Of all its threads so far. The wall's clock says more of what else runs on the machine. */
const processorMs = async ({ pid }: Server): Promise<number> => {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
};

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

const scorersAtWork = async (dataDir: string, env: Readonly<Record<string, string>>, count: number) => {
  const scorers: Server[] = [];
  for (let index = 0; index < count; index += 1) scorers.push(await Server.launch({ dataDir, env, main: SCORER }));
  for (const scorer of scorers)
    await until(
      async () => scorer.printed,
      (text) => text.includes('scores what is submitted'),
      60_000,
    );
  return scorers;
};

/**
 * `npm run start:scoring` so many times, on the server's stores: eventstore/node in a process of its own and the MongoDB that
 * is given. All are at work before the first session is submitted, and those that were scored while others were still being
 * submitted are left out: then the scorers alone set the pace.
 */
const measured = async (count: number): Promise<BenchResult[]> => {
  const dataDir = await newDataDir();
  const env = { LOG_LEVEL: 'warn', ...(await SharedStores.settingsFor(dataDir, 'shared')) };
  const server = await Server.start({ dataDir, env: { ...env, VERBATIM_SCORERS: '0' } });
  const ready = await readySessions(server, SESSIONS, 'p');
  const scorers = await scorersAtWork(dataDir, { ...env, VERBATIM_SCORERS: '1' }, count);
  const before = sum(await Promise.all(scorers.map(processorMs)));
  await inTurns(SESSIONS, (index) => submit(ready[index]!));
  let ends: ReadonlyMap<string, number>;
  do {
    await delay(250);
    ends = await moments(server.owner, 'score_recorded');
  } while (ends.size < SESSIONS);
  const processor = sum(await Promise.all(scorers.map(processorMs))) - before;
  const submitted = Math.max(...(await moments(server.owner, 'task_submitted')).values());
  const alone = [...ends.values()].filter((moment) => moment > submitted);
  for (const process of [...scorers, server]) await process.stop();
  await endAll();
  const seconds = (Math.max(...alone) - submitted) / 1000;
  const what = `offline judge, sessions of ${EVENTS_EACH} events, ${count} scorer process${count === 1 ? '' : 'es'}`;
  return [
    { what, measured: alone.length / seconds, unit: 'sessions/s', yardsticks: [] },
    {
      what: `${what}: processor time of the scorers`,
      measured: processor / SESSIONS,
      unit: 'ms/session',
      yardsticks: [],
    },
  ];
};

/** Only with a MongoDB to share: the embedded engines belong to one process. */
export const scorerProcessBenches: readonly Bench[] =
  process.env['TEST_MONGODB_URL'] === undefined
    ? []
    : [
        {
          name: 'scoring: processes of their own',
          run: async () => {
            const results: BenchResult[] = [];
            for (const count of PROCESSES) results.push(...(await measured(count)));
            return results;
          },
        },
      ];
