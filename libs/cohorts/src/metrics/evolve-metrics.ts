import type { Fact } from '#event-sourcing';
import {
  type ActivityTypeName,
  type Body,
  changeOf,
  execOf,
  isActivityType,
  isCandidateAction,
  isPrompt,
  isSourceOpened,
  recordOf,
  type Told,
} from '#sessions';
import { digestOf, withEdit } from './bursts.js';
import type { MetricsState } from './metrics-state.js';

/** Total: whatever a caller put into `data`, and for facts of which structure alone is left. */
export const evolveMetrics = (state: MetricsState, fact: Fact): MetricsState => {
  const data = recordOf(fact.data);
  if (isActivityType(fact.type)) return data.late === true ? state : evolveActivity(state, fact, fact.type, data);
  if (fact.type === 'task_started') return taskStarted(state, momentOf(data.startedAt));
  if (fact.type === 'session_reopened') return { ...state, submittedAt: null };
  return state;
};

const momentOf = (time: unknown): number | null => {
  const moment = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(moment) ? null : moment;
};

const taskStarted = (state: MetricsState, at: number | null): MetricsState => ({
  ...state,
  taskStartedAt: at,
  // Nothing happens before the task by its clock: what was changed in setup was there when it began.
  firstChangeAt: state.firstChangeAt === 'before_task' ? at : state.firstChangeAt,
});

const evolveActivity = (state: MetricsState, fact: Fact, type: ActivityTypeName, data: Body): MetricsState => {
  if (type === 'task_submitted') {
    const { timestampMs } = data;
    return {
      ...state,
      submittedAt: typeof timestampMs === 'number' ? timestampMs : momentOf(fact.metadata.recordedAt),
    };
  }
  const told: Told = { type, body: recordOf(data.body), via: data.via };
  const at = occurredAt(state, data, fact);
  let next = withExec(state, execOf(told));
  if (isPrompt(told)) next = { ...next, prompts: next.prompts + 1 };
  if (next.answerUnused && isSourceOpened(told, data.phase)) next = { ...next, verifications: next.verifications + 1 };
  if (type === 'ai_response') next = { ...next, answerUnused: true };
  next = withChange(next, told, at, fact.stream);
  return next.bundleOpen && isCandidateAction(told) ? { ...next, bundleOpen: false } : next;
};

/** The client's word, within what the server knows: not before the task, not after it was received. */
const occurredAt = ({ taskStartedAt }: MetricsState, { timestampMs }: Body, fact: Fact): number => {
  const createdAt = momentOf(fact.metadata.recordedAt) ?? 0;
  const told = typeof timestampMs === 'number' ? timestampMs : createdAt;
  return Math.max(Math.min(told, createdAt), taskStartedAt ?? Number.NEGATIVE_INFINITY);
};

const withExec = (state: MetricsState, exec: Body | undefined): MetricsState => {
  if (exec?.kind === 'test') {
    const { passed, failed } = recordOf(exec.tests);
    const green = failed === 0 && typeof passed === 'number' && passed > 0;
    return { ...state, verifications: state.verifications + 1, lastTest: green ? 'passed' : 'not_passed' };
  }
  if (exec?.kind !== 'command') return state;
  const failed = exec.ok === false || (typeof exec.exitCode === 'number' && exec.exitCode !== 0);
  return {
    ...state,
    commands: state.commands + 1,
    failedCommands: state.failedCommands + (failed ? 1 : 0),
    verifications: state.verifications + (exec.verify === true ? 1 : 0),
  };
};

const withChange = (state: MetricsState, told: Told, at: number, stream: string): MetricsState => {
  const change = changeOf(told);
  if (!change) return state;
  const { side, node } = change;
  const edit = node === null ? undefined : withEdit(state.recentEdits[side], digestOf(stream, node), at);
  const counted = !edit || edit.counts ? 1 : 0;
  return {
    ...state,
    answerUnused: false,
    firstChangeAt: state.firstChangeAt ?? (state.taskStartedAt === null ? 'before_task' : at),
    recentEdits: edit ? { ...state.recentEdits, [side]: edit.recent } : state.recentEdits,
    ...(side === 'ai'
      ? {
          aiChanges: state.aiChanges + counted,
          bundles: state.bundles + (state.bundleOpen ? 0 : 1),
          bundleOpen: true,
        }
      : { candidateChanges: state.candidateChanges + counted }),
  };
};
