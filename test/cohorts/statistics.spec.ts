import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Assessments, AssessmentsModule, CreateAssessment } from '#assessments';
import { cohortsProjections } from '#cohorts';
import type { Fact } from '#event-sourcing';
import { type Ground, newGround, Room } from '#event-sourcing/testing/room.js';
import { CreateOrganization, OrganizationsModule } from '#organizations';
import type { ReadStore } from '#read-store';
import { ProjectedReadModels, ProjectionBoard, ProjectionRunner } from '#read-store/runner/index.js';
import { engines } from '#read-store/runner/testing/stores.js';
import { naivePercentiles, naiveStats } from '../../apps/cli/src/doctor/naive-cohort.js';
import { naiveMetrics } from '../../apps/cli/src/doctor/naive-metrics.js';
import { GetCohortStats, GetCohortStatsHandler } from '../../libs/cohorts/src/queries/get-cohort-stats.js';
import { type AnySession, exportOf, factOf, someSessions } from './any-session.js';

const projection = cohortsProjections[0]!;

let ground: Ground;
let room: Room;
let orgId: string;
const assessmentIds: string[] = [];
let builds = 0;

beforeAll(async () => {
  ground = await newGround();
  room = await Room.open(ground, [OrganizationsModule, AssessmentsModule]);
  orgId = (await room.commands.execute(new CreateOrganization(room.context(), { name: 'Acme' }))).organization.id;
  for (const name of ['One', 'Other'])
    assessmentIds.push((await room.commands.execute(new CreateAssessment(room.context(), orgId, { name }))).id);
});
afterAll(async () => {
  await room.close();
  await ground.log.close();
  await ground.ops.close();
});

/** The sessions' streams mixed in one log: each keeps its own order. `turns` says whose turn it is. */
const mixed = (sessions: readonly AnySession[], turns: readonly number[]): readonly Fact[] => {
  const next = sessions.map(() => 0);
  const log: Fact[] = [];
  for (let turn = 0; ; turn += 1) {
    const waiting = sessions.flatMap((session, index) => (next[index]! < session.told.length ? [index] : []));
    if (waiting.length === 0) return log;
    const index = waiting[turns[turn % turns.length]! % waiting.length]!;
    const session = sessions[index]!;
    const seq = next[index]!;
    next[index] = seq + 1;
    log.push(factOf(orgId, assessmentIds, session, session.told[seq]!, seq, BigInt(log.length + 1)));
  }
};

/** What V8 answers for every assessment and session, once the log is projected in batches of that size. */
const served = async (
  store: ReadStore,
  sessions: readonly AnySession[],
  log: readonly Fact[],
  size: number,
): Promise<readonly string[]> => {
  builds += 1;
  const board = new ProjectionBoard();
  const stored = await store.prepare({ name: projection.name, version: 1, build: builds }, projection.collections);
  const runner = await ProjectionRunner.start(store, board, projection, stored);
  await runner.setState('live');
  for (let at = 0; at < log.length; at += size) {
    // Every batch brings the one before once more.
    const batch = log.slice(Math.max(0, at - size), at + size);
    await runner.process(
      batch.map((event) => ({ event })),
      batch.at(-1)!.position,
    );
  }
  const models = new ProjectedReadModels(store, board, { projections: [projection], acknowledged: () => 0n });
  const handler = new GetCohortStatsHandler(models, room.get(Assessments));
  const ask = async (assessment: number, sessionId?: string): Promise<string> =>
    JSON.stringify(await handler.execute(new GetCohortStats(orgId, assessmentIds[assessment]!, sessionId)));
  const answers = [await ask(0), await ask(1)];
  for (const session of sessions) if (exportOf(session)) answers.push(await ask(session.assessment, session.id));
  expect(runner.build.stoppedReason).toBeNull();
  await store.drop(stored);
  return answers;
};

/** The same from the whole records at once. */
const recomputed = (sessions: readonly AnySession[]): readonly string[] => {
  const measured = sessions.map((session) => {
    const events = exportOf(session);
    return { session, kept: events !== undefined, metrics: events && naiveMetrics(events) };
  });
  const cohort = (of: number) =>
    measured.flatMap(({ session, metrics }) => (metrics && session.assessment === of ? [metrics] : []));
  const one = ({ session, metrics }: (typeof measured)[number]): object | null => {
    const stats = naiveStats(cohort(session.assessment));
    return stats && { ...stats, percentiles: metrics ? naivePercentiles(metrics, cohort(session.assessment)) : null };
  };
  return [naiveStats(cohort(0)), naiveStats(cohort(1)), ...measured.filter(({ kept }) => kept).map(one)].map((answer) =>
    JSON.stringify(answer),
  );
};

describe.each(engines)('cohort statistics of any sessions on $engine', ({ numRuns, open }) => {
  const turns = fc.array(fc.nat(20), { minLength: 1, maxLength: 20 });

  it('are_to_the_byte_what_the_whole_records_say_whatever_came_first_or_twice_and_however_often_it_is_built', async () => {
    const { store, dispose } = await open();
    await fc.assert(
      fc.asyncProperty(
        someSessions,
        turns,
        turns,
        fc.integer({ min: 1, max: 30 }),
        async (sessions, one, two, size) => {
          const expected = recomputed(sessions);
          expect(await served(store, sessions, mixed(sessions, one), size)).toEqual(expected);
          expect(await served(store, sessions, mixed(sessions, two), 1000)).toEqual(expected);
        },
      ),
      { numRuns: 3 * numRuns },
    );
    await dispose();
  });
});
