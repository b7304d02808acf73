import { Injectable } from '@nestjs/common';
import { LogCursors } from '#event-sourcing';
import { type DeliverableState, Deliverables } from './deliverables.js';
import { type EventView, eventView } from './event-view.js';
import { refusedTransition } from './session.lifecycle.js';
import type { ConfigSnapshot } from './session.plan.js';
import type { SessionState } from './session.state.js';
import { SessionFacts } from './session-facts.js';
import { Sessions } from './sessions.js';

export interface SubmittedDeliverableState {
  readonly phaseIndex: number;
  readonly artifactId: string;
  /** Null: erased. */
  readonly state: DeliverableState | null;
}

/** All that scorers may look at. */
export interface SubmittedWork {
  readonly session: SessionState;
  readonly snapshot: ConfigSnapshot;
  /** In stream order, up to the submission; none that came late. */
  readonly events: readonly EventView[];
  readonly deliverables: readonly SubmittedDeliverableState[];
}

/** A submission as it stands in its stream: what came after it, or too late, is not in it. */
@Injectable()
export class SubmittedWorks {
  constructor(
    private readonly sessions: Sessions,
    private readonly facts: SessionFacts,
    private readonly deliverables: Deliverables,
    private readonly cursors: LogCursors,
  ) {}

  /** @throws VerbatimError not_found | invalid_status_transition (nothing is submitted) */
  async read(orgId: string, sessionId: string): Promise<SubmittedWork> {
    const { state: session } = await this.sessions.require(orgId, sessionId);
    const { snapshot, status } = session;
    if (!snapshot || !status)
      throw refusedTransition(status ?? 'invited', 'scoring', `A session that is ${status} has no submission.`);
    const [events, deliverables] = await Promise.all([
      this.events(orgId, sessionId, snapshot.atSeq),
      Promise.all(
        snapshot.deliverables.map(async ({ phaseIndex, artifactId }) => {
          return { phaseIndex, artifactId, state: await this.deliverables.read(sessionId, artifactId) };
        }),
      ),
    ]);
    return { session, snapshot, events, deliverables };
  }

  private async events(orgId: string, sessionId: string, atSeq: number): Promise<readonly EventView[]> {
    const events: EventView[] = [];
    for await (const page of this.facts.read(orgId, sessionId)) {
      for (const fact of page) {
        if (fact.revision > atSeq) return events;
        const event = eventView(fact, this.cursors);
        if (event.late !== true) events.push(event);
      }
    }
    return events;
  }
}
