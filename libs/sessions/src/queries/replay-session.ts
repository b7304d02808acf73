import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { isoTime, notFound } from '#platform';
import type { ConfigState } from '../config.fold.js';
import { type DeliverableState, Deliverables } from '../deliverables.js';
import type { ConfigSnapshot } from '../session.plan.js';
import type { SavedDeliverable, SessionState } from '../session.state.js';
import { SessionFacts } from '../session-facts.js';
import { coreOfState, type SessionCore } from '../session-view.js';
import { Sessions } from '../sessions.js';

/** A session as it stood: what A2 tells of it, and what is under it. */
export interface ReplayedSession extends SessionCore {
  readonly phaseIndex: number;
  readonly phaseStartedAt: string | null;
  readonly setupDeadlineAt: string | null;
  readonly phaseDeadlineAt: string | null;
  readonly eventCount: number;
  readonly config: ConfigState;
  readonly snapshot: ConfigSnapshot | null;
  readonly checkpoint: SavedDeliverable | null;
  /** What the phases before left behind. */
  readonly deliverables: readonly SavedDeliverable[];
  readonly deliverableState: DeliverableState | null;
}

export interface Replay {
  readonly state: ReplayedSession;
  /** Of the last event that is in it, and when that was written. */
  readonly seq: number;
  readonly at: string;
}

/** A seq (inclusive; past the end is the end) or a moment (ms since 1970); neither: now. */
export type ReplayPoint = { readonly seq: number } | { readonly time: number } | undefined;

export class ReplaySession extends Query<Replay> {
  constructor(
    readonly orgId: string,
    readonly sessionId: string,
    readonly point: ReplayPoint,
  ) {
    super();
  }
}

/** W11: folded from the stream up to a point, as it was then. */
@QueryHandler(ReplaySession)
export class ReplaySessionHandler implements IQueryHandler<ReplaySession> {
  constructor(
    private readonly sessions: Sessions,
    private readonly facts: SessionFacts,
    private readonly deliverables: Deliverables,
  ) {}

  async execute({ orgId, sessionId, point }: ReplaySession): Promise<Replay> {
    const { revision } = await this.sessions.require(orgId, sessionId);
    const seq = await this.seqAt(orgId, sessionId, point, revision);
    // Before it existed there is nothing to show.
    if (seq < 0) throw notFound('session');
    const [fact] = await this.facts.at(orgId, sessionId, [seq]);
    const found = await this.sessions.at(orgId, sessionId, seq);
    if (!fact || !found) throw notFound('session');
    const at = fact.metadata.recordedAt;
    return { state: await this.replayed(found.state, Date.parse(at)), seq, at };
  }

  private async seqAt(orgId: string, sessionId: string, point: ReplayPoint, last: number): Promise<number> {
    if (point === undefined) return last;
    if ('seq' in point) return Math.min(point.seq, last);
    // `recordedAt` never falls in a stream: halving finds the last event written by then.
    const wanted = isoTime(point.time);
    let low = 0;
    let high = last + 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const [fact] = await this.facts.at(orgId, sessionId, [middle]);
      if (fact && fact.metadata.recordedAt <= wanted) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private async replayed(state: SessionState, at: number): Promise<ReplayedSession> {
    return {
      ...coreOfState(state, at),
      phaseIndex: state.phaseIndex,
      phaseStartedAt: time(state.phaseStartedAt),
      setupDeadlineAt: time(state.setupDeadlineAt),
      phaseDeadlineAt: time(state.phaseDeadlineAt),
      eventCount: state.activities.length,
      config: state.config,
      snapshot: state.snapshot,
      checkpoint: state.checkpoint,
      deliverables: state.deliverables,
      deliverableState: await this.deliverables.read(state.sessionId, state.checkpoint?.artifactId),
    };
  }
}

const time = (moment: number | null): string | null => (moment === null ? null : isoTime(moment));
