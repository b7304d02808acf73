import { Injectable } from '@nestjs/common';
import type { CommandContext } from '#event-sourcing';
import { type DeliverableState, Deliverables } from './deliverables.js';
import type { SessionDecision } from './session.outcome.js';
import type { DeliverableRef } from './session.requests.js';
import type { SessionState } from './session.state.js';
import { Sessions } from './sessions.js';

/** Names nothing: what is decided on it is never appended. */
const UNSTORED = '';

/** The decision stands if the work is stored first. */
const storeFirst = Symbol('store first');

/**
 * Decisions on what a candidate hands over. Its content is durable before the event that names it, and it is stored only
 * when there will be such an event: a closed session, or one that holds all it may, takes no disk.
 */
@Injectable()
export class HandingOver {
  constructor(
    private readonly sessions: Sessions,
    private readonly deliverables: Deliverables,
  ) {}

  async decide<Result>(
    context: CommandContext,
    orgId: string,
    sessionId: string,
    work: DeliverableState | null,
    decision: (state: SessionState, deliverable: DeliverableRef | null) => SessionDecision<Result>,
  ): Promise<Result> {
    if (work === null) return this.sessions.decide(context, orgId, sessionId, (state) => decision(state, null));
    const content = this.deliverables.contentOf(work);
    const unstored = { artifactId: UNSTORED, sha256: content.sha256, bytes: content.bytes.length };
    const answer = await this.sessions.decide<Result | typeof storeFirst>(context, orgId, sessionId, (state) => {
      const decided = decision(state, unstored);
      const isNamed = decided.events.some(
        ({ type, data }) => type === 'checkpoint_saved' && data.artifactId === UNSTORED,
      );
      return isNamed ? { events: [], answer: { result: storeFirst } } : decided;
    });
    if (answer !== storeFirst) return answer;
    const stored = await this.deliverables.keep(sessionId, content);
    return this.sessions.decide(context, orgId, sessionId, (state) => decision(state, stored));
  }
}
