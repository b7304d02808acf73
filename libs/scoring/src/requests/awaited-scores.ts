import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { streamName } from '#event-sourcing';
import { EventStore } from '#event-store';
import { Sessions } from '#sessions';

/** Callers who wait for a score that others make. */
@Injectable()
export class AwaitedScores implements BeforeApplicationShutdown {
  private readonly stopping = new AbortController();

  constructor(
    private readonly log: EventStore,
    private readonly sessions: Sessions,
  ) {}

  /** Answers when the request is no longer open, whatever came of it, or the time is over. */
  async answered(orgId: string, sessionId: string, requestId: string, waitMs: number): Promise<void> {
    const start = await this.log.head();
    if (!(await this.isOpen(orgId, sessionId, requestId))) return;
    const enough = new AbortController();
    const signal = AbortSignal.any([this.stopping.signal, enough.signal]);
    const timer = setTimeout(() => enough.abort(), waitMs);
    const filter = { streamPrefixes: [streamName('session', orgId, sessionId)] };
    try {
      for await (const message of this.log.subscribe({ after: start, filter, signal }))
        if (message.kind === 'events' && !(await this.isOpen(orgId, sessionId, requestId))) return;
    } finally {
      clearTimeout(timer);
      enough.abort();
    }
  }

  private async isOpen(orgId: string, sessionId: string, requestId: string): Promise<boolean> {
    const found = await this.sessions.find(orgId, sessionId);
    return found?.state.scoring.request?.requestId === requestId;
  }

  /** A caller who waits would hold up the server's stop. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }
}
