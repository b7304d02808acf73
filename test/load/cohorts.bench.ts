import { Assessments, AssessmentsModule, CreateAssessment } from '#assessments';
import { cohortsProjections } from '#cohorts';
import type { Fact } from '#event-sourcing';
import { newGround, Room } from '#event-sourcing/testing/room.js';
import { CreateOrganization, OrganizationsModule } from '#organizations';
import { isoTime } from '#platform';
import type { ReadStore } from '#read-store';
import { EmbeddedReadStore } from '#read-store/embedded/index.js';
import { ProjectedReadModels, ProjectionBoard, ProjectionRunner } from '#read-store/runner/index.js';
import { GetCohortStats, GetCohortStatsHandler } from '../../libs/cohorts/src/queries/get-cohort-stats.js';
import { type Bench, type BenchResult, inDirectory, percentile } from './bench.js';

const SIZES = [100, 10_000, 100_000];
const ASKED = 400;
const START = Date.parse('2026-01-05T09:00:00.000Z');
const projection = cohortsProjections[0]!;

/** The same figures in every run. */
const spread = (number: number, salt: number, below: number): number => ((number + 1) * 7_919 * (salt + 3)) % below;

/** A short session whose every metric differs from most others'. */
const lifeOf = (orgId: string, assessmentId: string, number: number): readonly Omit<Fact, 'position'>[] => {
  const change = START + 1_000 + spread(number, 1, 1_800_000);
  const end = change + 1_000 + spread(number, 2, 3_600_000);
  const did = (type: string, body: object, timestampMs = change) => ({
    type,
    at: end,
    data: { timestampMs, phase: 'task', via: 'candidate', body },
  });
  const run = (kind: string, ok: boolean) =>
    did('workflow_run', { exec: { kind, ok, tests: { passed: 1, failed: 0 } } });
  const told = [
    { type: 'session_invited', at: START, data: { assessmentId } },
    { type: 'task_started', at: START, data: { startedAt: isoTime(START) } },
    did('ai_tool_use', { change: { artifactId: 'a' } }),
    ...Array.from({ length: 1 + spread(number, 3, 4) }, () => did('user_message', { charCount: 20 })),
    ...Array.from({ length: 1 + spread(number, 4, 3) }, (_, nth) => did('manual_edit', { nodeId: `node-${nth}` })),
    run('command', spread(number, 5, 2) === 0),
    run('test', true),
    { type: 'task_submitted', at: end, data: { timestampMs: end, phase: 'task', via: 'system', body: {} } },
  ];
  return told.map(({ type, at, data }, revision) => ({
    id: `${number}-${revision}`,
    type,
    data,
    stream: `session-${orgId}.session-${number}`,
    revision,
    metadata: {
      v: 1,
      recordedAt: isoTime(at),
      commandId: 'bench',
      correlationId: 'bench',
      causationId: null,
      actor: { kind: 'system', id: 'bench', via: 'system' },
    },
  }));
};

/** By way of the projection itself, in batches as the projector makes them. */
const submitAll = async (runner: ProjectionRunner<Fact>, orgId: string, assessmentId: string, sessions: number) => {
  let position = 0n;
  for (let first = 0; first < sessions; first += 100) {
    const lives = Array.from({ length: 100 }, (_, index) => lifeOf(orgId, assessmentId, first + index)).flat();
    const incoming = lives.map((fact) => {
      position += 1n;
      return { event: { ...fact, position } };
    });
    await runner.process(incoming, position);
  }
};

/** What V8 takes in cohorts of these sizes, each in a store of its own. */
export const measureCohorts = async (
  sizes: readonly number[],
  asked: number,
  where: string,
  inStore: (work: (store: ReadStore) => Promise<void>) => Promise<void>,
): Promise<BenchResult[]> => {
  const ground = await newGround();
  const room = await Room.open(ground, [OrganizationsModule, AssessmentsModule]);
  const { organization } = await room.commands.execute(new CreateOrganization(room.context(), { name: 'Bench' }));
  const { id } = await room.commands.execute(new CreateAssessment(room.context(), organization.id, { name: 'Bench' }));
  const results: BenchResult[] = [];
  for (const sessions of sizes) {
    await inStore(async (store) => {
      const board = new ProjectionBoard();
      const stored = await store.prepare({ name: projection.name, version: 1, build: 1 }, projection.collections);
      const runner = await ProjectionRunner.start(store, board, projection, stored);
      await submitAll(runner, organization.id, id, sessions);
      await runner.setState('live');
      const models = new ProjectedReadModels(store, board, { projections: [projection], acknowledged: () => 0n });
      const handler = new GetCohortStatsHandler(models, room.get(Assessments));
      const took: number[] = [];
      for (let nth = 0; nth < asked; nth += 1) {
        const session = `session-${spread(nth, 6, sessions)}`;
        const begin = performance.now();
        const stats = await handler.execute(new GetCohortStats(organization.id, id, session));
        took.push(performance.now() - begin);
        if (stats?.sessionCount !== sessions) throw new Error(`The cohort has ${stats?.sessionCount} sessions.`);
      }
      const sorted = took.toSorted((a, b) => a - b);
      for (const share of [0.5, 0.99])
        results.push({
          what: `cohort-stats with percentiles, ${sessions.toLocaleString('en-US')} sessions${where}, p${share * 100}`,
          measured: percentile(sorted, share),
          unit: 'ms',
          yardsticks: [],
        });
    });
  }
  await room.close();
  await ground.log.close();
  await ground.ops.close();
  return results;
};

const cohortStats: Bench = {
  name: 'cohort-stats: percentiles in cohorts of 100, 10,000 and 100,000',
  run: () =>
    measureCohorts(SIZES, ASKED, '', (work) =>
      inDirectory(async (directory) => {
        const store = await EmbeddedReadStore.open({ directory });
        await work(store);
        await store.close();
      }),
    ),
};

export const cohortBenches: readonly Bench[] = [cohortStats];
