import fc from 'fast-check';
import type { Fact } from '#event-sourcing';
import { ACTIVITY_TYPES, type ActivityTypeName } from '#sessions';
import type { RecordedEvent } from '../../apps/cli/src/doctor/recorded-event.js';

const START = Date.parse('2026-01-05T09:00:00.000Z');
const iso = (seconds: number): string => new Date(START + seconds * 1000).toISOString();

/** One thing in the life of a session. */
export interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Seconds: when the server had it. */
  readonly at: number;
}

export interface AnySession {
  readonly id: string;
  readonly assessment: number;
  readonly told: readonly Told[];
}

const odd = fc.constantFrom<unknown>(null, 7, '', 'no', true, [], {});
const either = <T>(values: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 9, arbitrary: values }, { weight: 1, arbitrary: odd });
const optional = { requiredKeys: [] };

/** Bodies as clients write them, and now and then not. */
const bodies = fc.record(
  {
    exec: either(
      fc.record(
        {
          kind: either(fc.constantFrom('command', 'test', 'workflow')),
          ok: either(fc.boolean()),
          exitCode: either(fc.nat(1)),
          verify: either(fc.boolean()),
          initiator: either(fc.constantFrom('candidate', 'ai')),
          tests: either(fc.record({ passed: either(fc.nat(2)), failed: either(fc.nat(1)) }, optional)),
        },
        optional,
      ),
    ),
    change: either(
      fc.record({ artifactId: fc.constantFrom('f', 'g'), actor: fc.constantFrom('candidate', 'ai') }, optional),
    ),
    actor: either(fc.constantFrom('candidate', 'ai')),
    kind: either(fc.constantFrom('prompt', 'decision')),
    charCount: either(fc.nat(3)),
    documentId: either(fc.constant('d')),
    nodeId: either(fc.constantFrom('a', 'b')),
    targetPath: either(fc.constant('a')),
  },
  optional,
);

const own = ACTIVITY_TYPES.filter((type) => !['task_submitted', 'time_expired', 'phase_advanced'].includes(type));
const LIKELY: ActivityTypeName[] = [
  'ai_tool_use',
  'manual_edit',
  'workflow_run',
  'user_message',
  'ai_response',
  'inbox_item_opened',
];

/** Seconds of server time since the last, and how far the client's clock is off. */
const activities = fc.array(
  fc.record({
    type: fc.oneof(fc.constantFrom(...LIKELY), fc.constantFrom(...own)),
    body: bodies,
    wait: fc.constantFrom(0, 0.5, 1, 1.999, 2, 5, 60),
    off: fc.constantFrom(0, 0, 0, -1.5, -100, 50, -100_000),
    via: fc.constantFrom('candidate', 'candidate', 'runtime'),
    late: fc.constantFrom(false, false, false, false, true),
  }),
  { maxLength: 12 },
);

type Activities = typeof activities extends fc.Arbitrary<infer Value> ? Value : never;

const sessions = fc
  .record({
    assessment: fc.nat(1),
    setup: activities,
    task: activities,
    again: fc.option(activities, { nil: undefined }),
    end: fc.constantFrom('under way', 'submitted', 'submitted', 'decided', 'deleted', 'erased'),
  })
  .map((life) => ({ assessment: life.assessment, told: [...lifeOf(life)] }));

function* lifeOf(life: {
  readonly setup: Activities;
  readonly task: Activities;
  readonly again: Activities | undefined;
  readonly end: string;
}): Generator<Told> {
  let at = 0;
  const work = function* (phase: string, done: Activities): Generator<Told> {
    for (const { type, body, wait, off, via, late } of done) {
      at += wait;
      const timestampMs = Math.max(0, START + (at + off) * 1000);
      yield { type, at, data: { timestampMs, phase, via, body, ...(late ? { late } : {}) } };
    }
  };
  const submit = (): Told => {
    at += 3;
    const body = { trigger: 'candidate' };
    return { type: 'task_submitted', at, data: { timestampMs: START + at * 1000, phase: 'task', via: 'system', body } };
  };
  yield { type: 'session_invited', at, data: {} };
  yield* work('setup', life.setup);
  yield { type: 'task_started', at, data: { startedAt: iso(at) } };
  yield* work('task', life.task);
  if (life.again) {
    yield submit();
    yield { type: 'session_reopened', at, data: { reopenedAt: iso(at) } };
    yield* work('task', life.again);
  }
  if (life.end === 'under way') return;
  yield submit();
  if (life.end === 'decided') yield { type: 'decision_recorded', at, data: { decision: 'hired' } };
  else if (life.end !== 'submitted')
    yield { type: life.end === 'erased' ? 'session_erased' : 'session_deleted', at, data: {} };
}

/** A few sessions of two assessments. */
export const someSessions = fc
  .array(sessions, { minLength: 1, maxLength: 6 })
  .map((list): readonly AnySession[] => list.map((one, index) => ({ ...one, id: `session-${index}` })));

/** As it lies in the log. */
export const factOf = (
  orgId: string,
  assessmentIds: readonly string[],
  { id, assessment }: AnySession,
  { type, data, at }: Told,
  revision: number,
  position: bigint,
): Fact => ({
  id: `${id} ${revision}`,
  type,
  data: { ...data, sessionId: id, ...(type === 'session_invited' ? { assessmentId: assessmentIds[assessment] } : {}) },
  stream: type === 'session_erased' ? `organization-${orgId}` : `session-${orgId}.${id}`,
  revision,
  position,
  metadata: {
    v: 1,
    recordedAt: iso(at),
    commandId: 'told',
    correlationId: 'told',
    causationId: null,
    actor: { kind: 'system', id: 'told', via: 'system' },
  },
});

/** As a session's export has it; undefined when it is deleted. */
export const exportOf = ({ told }: AnySession): readonly RecordedEvent[] | undefined =>
  /^session_(deleted|erased)$/.test(told.at(-1)!.type)
    ? undefined
    : told.map(({ type, data, at }, seq) => ({
        seq,
        type,
        timestampMs: (data['timestampMs'] as number | undefined) ?? START + at * 1000,
        createdAt: iso(at),
        phase: (data['phase'] as string | undefined) ?? null,
        via: (data['via'] as string | undefined) ?? 'system',
        data: (data['body'] ?? data) as RecordedEvent['data'],
        ...(data['late'] ? { late: true as const } : {}),
      }));
