import { Injectable } from '@nestjs/common';
import { AggregateStore, type CommandContext, type Loaded, streamName } from '#event-sourcing';
import { notFound } from '#platform';
import { sessionAggregate } from './session.aggregate.js';
import { type SessionDecision, settle } from './session.outcome.js';
import type { SessionState } from './session.state.js';

/** Sessions as they are, read from and decided on their own streams. */
@Injectable()
export class Sessions {
  constructor(private readonly aggregates: AggregateStore) {}

  /** Undefined when there is none, or it was deleted. */
  async find(orgId: string, sessionId: string): Promise<Loaded<SessionState> | undefined> {
    const loaded = await this.aggregates.load(sessionAggregate, streamName('session', orgId, sessionId));
    return existing(loaded);
  }

  /** @throws VerbatimError not_found */
  async require(orgId: string, sessionId: string): Promise<Loaded<SessionState>> {
    const found = await this.find(orgId, sessionId);
    if (!found) throw notFound('session');
    return found;
  }

  /** As it stood at that seq; undefined when it did not exist yet, or was deleted since. */
  async at(orgId: string, sessionId: string, seq: number): Promise<Loaded<SessionState> | undefined> {
    return existing(await this.aggregates.loadAt(sessionAggregate, streamName('session', orgId, sessionId), seq));
  }

  /** Decides and appends. A refusal is thrown once the overdue deadlines that came before it are durable. */
  async decide<Result>(
    context: CommandContext,
    orgId: string,
    sessionId: string,
    decision: (state: SessionState) => SessionDecision<Result>,
  ): Promise<Result> {
    const stream = streamName('session', orgId, sessionId);
    const changed = await this.aggregates.change(sessionAggregate, stream, context, decision);
    return settle(changed.answer);
  }
}

const existing = (loaded: Loaded<SessionState>): Loaded<SessionState> | undefined =>
  loaded.state.status === null || loaded.state.deleted ? undefined : loaded;
