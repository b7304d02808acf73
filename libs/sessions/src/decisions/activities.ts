import { derivedId, VerbatimError } from '#platform';
import {
  ACTIVITIES,
  type ActivityData,
  type ActivityEvent,
  type ActivityTypeName,
  type Phase,
} from '../session.events.js';
import { refusedTransition } from '../session.lifecycle.js';
import type { SessionDecision } from '../session.outcome.js';
import type { BatchAnswer, RecordRequest, RejectedItem } from '../session.requests.js';
import { accessExpired, type SessionState } from '../session.state.js';
import { isCallerId, type JudgedItem, judgeItem, readableId } from './activity-item.js';
import { withDerivedFields } from './derived-fields.js';
import { afterDeadlines } from './frame.js';
import { EVENT_LIMIT, LATE_MS } from './limits.js';

/**
 * A batch, item by item: what cannot be taken is named and the others go in. A known id is a duplicate whatever else is
 * wrong with it. Events are not folded here: a batch costs what it holds, not what the session holds.
 */
export const recordActivities = (state: SessionState, request: RecordRequest): SessionDecision<BatchAnswer> =>
  afterDeadlines(state, request.now, (work) => {
    const open = openness(work.state, request.now);
    const { activities, revision } = work.state;
    const first = request.firstIndex ?? 0;
    const accepted: string[] = [];
    const duplicates: string[] = [];
    const rejected: RejectedItem[] = [];
    const inBatch = new Set<string>();
    for (const [at, item] of request.items.entries()) {
      const id = readableId(item);
      if (id !== null && isCallerId(id) && (inBatch.has(id) || activities.has(id))) {
        duplicates.push(id);
        continue;
      }
      const reject = (code: RejectedItem['code'], message: string) =>
        rejected.push({ index: first + at, id, code, message });
      const judged = judgeItem(item);
      if ('code' in judged) reject(judged.code, judged.message);
      else if (open === 'closed') reject('session_closed', CLOSED);
      else if (activities.length + accepted.length >= EVENT_LIMIT)
        reject('session_event_limit', `A session takes ${EVENT_LIMIT} events.`);
      else {
        work.events.push(
          activityEvent(work.state, request, judged, activities.length + accepted.length, open === 'late'),
        );
        accepted.push(judged.id);
        inBatch.add(judged.id);
      }
    }
    return { accepted, duplicates, rejected, lastSeq: revision + accepted.length };
  });

/**
 * The answer to a whole batch, whose parts were appended one after the other.
 * @throws VerbatimError session_closed when the session was closed for all of it
 */
export const wholeBatch = (parts: readonly BatchAnswer[]): BatchAnswer => {
  const whole = {
    accepted: parts.flatMap((part) => part.accepted),
    duplicates: parts.flatMap((part) => part.duplicates),
    rejected: parts.flatMap((part) => part.rejected),
    lastSeq: Math.max(-1, ...parts.map((part) => part.lastSeq)),
  };
  const taken = whole.accepted.length + whole.duplicates.length;
  if (taken === 0 && whole.rejected.length > 0 && whole.rejected.every(({ code }) => code === 'session_closed'))
    throw new VerbatimError('session_closed', CLOSED, { details: { rejected: whole.rejected.length } });
  return whole;
};

const CLOSED = `This session is closed; events are kept until ${LATE_MS / 1000} seconds after it.`;

const openness = (state: SessionState, now: number): 'open' | 'late' | 'closed' => {
  if (state.setupStartedAt === null) {
    if (state.closedAt !== null) return 'closed';
    throw refusedTransition(state.status!, 'setup', 'This session has not been opened: open it first.');
  }
  const closedAt = state.closedAt ?? (accessExpired(state, now) ? state.closesAt : null);
  if (closedAt === null) return 'open';
  return now - closedAt <= LATE_MS ? 'late' : 'closed';
};

const activityEvent = (
  state: SessionState,
  { via }: RecordRequest,
  { id, type, timestampMs, data, phase: claimedPhase }: JudgedItem,
  ordinal: number,
  late: boolean,
): ActivityEvent & { readonly id: string } => {
  const phase = phaseOf(state, claimedPhase);
  const misplaced = !(ACTIVITIES[type].phases as readonly Phase[]).includes(phase);
  const stored: ActivityData = {
    callerId: id,
    timestampMs,
    phase,
    phaseIndex: phase === 'setup' ? 0 : state.phaseIndex,
    ordinal,
    via,
    ...(late ? { late: true } : {}),
    ...(misplaced ? { outOfPhase: true, note: phase === 'setup' ? 'belongs_to_task' : 'belongs_to_setup' } : {}),
    ...(via === 'candidate' && isOfTheAi(type) ? { claim: true } : {}),
    body: withDerivedFields(type, data),
  };
  // The cast stands for "any type but the server's own", which judgeItem has made sure of.
  return { id: derivedId('activity', state.sessionId, id), type, data: stored } as ActivityEvent & {
    readonly id: string;
  };
};

/** The server's word, except that what a client kept back from the setup phase may say so. */
const phaseOf = (state: SessionState, claimed: Phase | undefined): Phase =>
  state.taskStartedAt === null ? 'setup' : (claimed ?? 'task');

const isOfTheAi = (type: ActivityTypeName): boolean => {
  const { emitters } = ACTIVITIES[type];
  return emitters.length === 1 && emitters[0] === 'ai';
};
