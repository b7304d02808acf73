import { type Fact, parseStream } from '#event-sourcing';
import { type DocumentRef, type Documents, defineCollection, type Projection } from '#read-store';
import { ACTIVITY_TYPES, type ActivityTypeName, isActivityType } from '#sessions';
import { type CohortSums, emptyCohort, withSession } from '../cohort-sums.js';
import { evolveMetrics } from '../metrics/evolve-metrics.js';
import { asNumber, measuresOf, type RankedMetric } from '../metrics/measures.js';
import { initialMetrics, type MetricsState } from '../metrics/metrics-state.js';

/** One session, from the invitation on. */
export interface SessionMetricsEntry extends Readonly<Record<RankedMetric, number | null>> {
  readonly orgId: string;
  readonly assessmentId: string;
  /** Whose ranks it takes part in: null while it is not submitted. */
  readonly cohort: string | null;
  readonly eventCount: number;
  readonly lastActivityAt: string | null;
  readonly carried: MetricsState;
}

/** The measures stand in fields of their own only while the session is in a cohort: nobody else is ranked by them. */
export const sessionMetrics = defineCollection<SessionMetricsEntry>({
  name: 'session_metrics',
  fields: {
    orgId: 'text',
    cohort: 'text',
    durationMs: 'number',
    promptCount: 'number',
    commandFailRate: 'number',
    verifyIntensity: 'number',
    manualEditRatio: 'number',
    firstChangeLatencyMs: 'number',
  },
  indexes: [
    ['cohort', 'durationMs'],
    ['cohort', 'promptCount'],
    ['cohort', 'commandFailRate'],
    ['cohort', 'verifyIntensity'],
    ['cohort', 'manualEditRatio'],
    ['cohort', 'firstChangeLatencyMs'],
  ],
});

/** Sums over the submitted sessions of one assessment. */
export interface CohortEntry extends CohortSums {
  readonly orgId: string;
  /** Grows with every change: tells whether ranks counted in the meantime belong to these sums. */
  readonly changes: number;
}

export const cohorts = defineCollection<CohortEntry>({ name: 'cohorts', fields: { orgId: 'text' }, indexes: [] });

export const cohortId = (orgId: string, assessmentId: string): string => `${orgId}.${assessmentId}`;

const UNRANKED: Readonly<Record<RankedMetric, null>> = {
  durationMs: null,
  promptCount: null,
  commandFailRate: null,
  verifyIntensity: null,
  manualEditRatio: null,
  firstChangeLatencyMs: null,
};

/** What a session enters and leaves its cohort by. It is submitted as a whole, so nothing later changes its measures. */
const MEMBERSHIP = new Set(['task_submitted', 'session_reopened', 'session_deleted', 'session_erased']);

/** Types whose body some metric reads. Of all others it is enough that they happened. */
const READ_WHOLE: readonly ActivityTypeName[] = [
  'connector_browsed',
  'user_message',
  'ai_tool_use',
  'slash_command',
  'manual_edit',
  'slide_added',
  'slide_deleted',
  'slide_reordered',
  'section_added',
  'section_deleted',
  'section_reordered',
  'content_edited',
  'workflow_run',
  'workflow_prompt_edited',
];

const sessionIdOf = (fact: Fact): string =>
  fact.type === 'session_erased' ? (fact.data as { sessionId: string }).sessionId : parseStream(fact.stream).id;

const isOver = ({ type }: Fact): boolean => type === 'session_deleted' || type === 'session_erased';

const after = (entry: SessionMetricsEntry, fact: Fact): SessionMetricsEntry => {
  const carried = evolveMetrics(entry.carried, fact);
  if (fact.type === 'task_submitted') return member({ ...seen(entry, fact), carried });
  if (fact.type === 'session_reopened') return { ...entry, ...UNRANKED, cohort: null, carried };
  return { ...seen(entry, fact), carried };
};

const seen = (entry: SessionMetricsEntry, fact: Fact): SessionMetricsEntry => {
  if (!isActivityType(fact.type)) return entry;
  const { via, late } = fact.data as { via?: unknown; late?: unknown };
  const eventCount = entry.eventCount + 1;
  if (via === 'system' || late === true) return { ...entry, eventCount };
  return { ...entry, eventCount, lastActivityAt: fact.metadata.recordedAt };
};

const member = (entry: SessionMetricsEntry): SessionMetricsEntry => {
  const measures = measuresOf(entry.carried);
  return {
    ...entry,
    cohort: cohortId(entry.orgId, entry.assessmentId),
    durationMs: asNumber(measures.durationMs),
    promptCount: asNumber(measures.promptCount),
    commandFailRate: asNumber(measures.commandFailRate),
    verifyIntensity: asNumber(measures.verifyIntensity),
    manualEditRatio: asNumber(measures.manualEditRatio),
    firstChangeLatencyMs: asNumber(measures.firstChangeLatencyMs),
  };
};

const countIn = (entry: SessionMetricsEntry, sign: 1 | -1, documents: Documents): void => {
  if (entry.cohort === null) return;
  const { orgId } = entry;
  const before = documents.get(cohorts, entry.cohort) ?? { ...emptyCohort, orgId, changes: 0 };
  const sums = withSession(before, measuresOf(entry.carried), sign);
  documents.put(cohorts, entry.cohort, { ...sums, orgId, changes: before.changes + 1 });
};

/** Metrics of every session, and of those submitted the sums that statistics are made of. */
export const sessionMetricsProjection: Projection<Fact> = {
  name: 'session_metrics',
  version: 1,
  types: [
    'session_invited',
    'task_started',
    'session_reopened',
    'session_deleted',
    'session_erased',
    ...ACTIVITY_TYPES,
  ],
  unopened: ACTIVITY_TYPES.filter((type) => !READ_WHOLE.includes(type)),
  collections: [cohorts, sessionMetrics],
  onPoison: 'stop',
  touches: (fact) => [{ collection: sessionMetrics, id: sessionIdOf(fact) }],
  alsoTouches(fact, documents): readonly DocumentRef[] {
    if (!MEMBERSHIP.has(fact.type)) return [];
    const entry = documents.get(sessionMetrics, sessionIdOf(fact));
    return entry ? [{ collection: cohorts, id: cohortId(entry.orgId, entry.assessmentId) }] : [];
  },
  apply(fact, documents) {
    const id = sessionIdOf(fact);
    if (fact.type === 'session_invited') {
      const { orgId } = parseStream(fact.stream);
      const { assessmentId } = fact.data as { assessmentId: string };
      const fresh = { orgId, assessmentId, cohort: null, eventCount: 0, lastActivityAt: null, carried: initialMetrics };
      return documents.put(sessionMetrics, id, { ...UNRANKED, ...fresh });
    }
    const before = documents.get(sessionMetrics, id);
    if (isOver(fact)) {
      if (before) countIn(before, -1, documents);
      return documents.remove(sessionMetrics, id);
    }
    if (!before) return;
    const now = after(before, fact);
    if (before.cohort !== now.cohort) {
      countIn(before, -1, documents);
      countIn(now, 1, documents);
    }
    documents.put(sessionMetrics, id, now);
  },
};
