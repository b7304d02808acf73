import { Injectable } from '@nestjs/common';
import { LogCursors } from '#event-sourcing';
import { type EventView, eventView } from './event-view.js';
import { SessionFacts } from './session-facts.js';
import { Sessions } from './sessions.js';

/** The whole record of one session, lifecycle facts included, as it is streamed to a reader. */
@Injectable()
export class SessionRecord {
  constructor(
    private readonly sessions: Sessions,
    private readonly facts: SessionFacts,
    private readonly cursors: LogCursors,
  ) {}

  /**
   * W12: to the present end. Refuses before the first event is read.
   * @throws VerbatimError not_found
   */
  async whole(orgId: string, sessionId: string): Promise<AsyncGenerator<EventView>> {
    await this.sessions.require(orgId, sessionId);
    return this.shown(this.facts.read(orgId, sessionId));
  }

  /**
   * W10: what comes after `after` (a seq), then live until the signal aborts or the session is deleted.
   * @throws VerbatimError not_found
   */
  async live(
    orgId: string,
    sessionId: string,
    after: number,
  ): Promise<(signal: AbortSignal) => AsyncGenerator<EventView>> {
    await this.sessions.require(orgId, sessionId);
    return (signal) => this.shown(this.facts.follow(orgId, sessionId, after, signal));
  }

  private async *shown(pages: ReturnType<SessionFacts['read']>): AsyncGenerator<EventView> {
    for await (const facts of pages) for (const fact of facts) yield eventView(fact, this.cursors);
  }
}
