import type { Fact } from '#event-sourcing';
import { evolveMetrics } from '../metrics/evolve-metrics.js';
import { initialMetrics, type MetricsState } from '../metrics/metrics-state.js';

export const START = Date.parse('2026-01-05T09:00:00.000Z');

/** A fact of a session; `at`: seconds after the task started, by both clocks. */
export const fact = (type: string, at: number, data: object): Fact => ({
  id: `${type}-${at}`,
  type,
  data,
  stream: 'session-org.s',
  revision: 0,
  position: 0n,
  metadata: {
    v: 1,
    recordedAt: new Date(START + at * 1000).toISOString(),
    commandId: 'told',
    correlationId: 'told',
    causationId: null,
    actor: { kind: 'candidate', id: 's', via: 'candidate' },
  },
});

/** An activity as it is stored. */
export const activity = (type: string, at: number, body: object = {}, envelope: object = {}): Fact =>
  fact(type, at, { timestampMs: START + at * 1000, phase: 'task', via: 'candidate', ...envelope, body });

export const taskStarted = (at = 0): Fact =>
  fact('task_started', at, { startedAt: new Date(START + at * 1000).toISOString() });

export const submitted = (at: number): Fact =>
  activity('task_submitted', at, { trigger: 'candidate' }, { via: 'system' });

export const foldMetrics = (facts: readonly Fact[]): MetricsState => facts.reduce(evolveMetrics, initialMetrics);

export const foldFrom = (state: MetricsState, one: Fact): MetricsState => evolveMetrics(state, one);
