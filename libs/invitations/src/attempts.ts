import { Injectable } from '@nestjs/common';
import { AggregateStore, streamName } from '#event-sourcing';
import { EventStore, isEventStoreError } from '#event-store';
import { derivedId } from '#platform';
import { type SessionState, Sessions } from '#sessions';

/** One candidate at one assessment. */
export interface Pairing {
  readonly orgId: string;
  readonly assessmentId: string;
  readonly candidateId: string;
}

/** Attempt n stands at index n - 1; null: it was deleted. */
export type History = readonly (SessionState | null)[];

/** The id of an attempt's session follows from what it is an attempt at: inviting twice aims at the same stream. */
export const attemptId = ({ orgId, assessmentId, candidateId }: Pairing, attempt: number): string =>
  derivedId('session', orgId, assessmentId, candidateId, attempt);

/** Attempts are numbered from 1 without holes: each is made only when the one before it is there, and a deleted one keeps its number. */
@Injectable()
export class Attempts {
  constructor(
    private readonly sessions: Sessions,
    private readonly store: AggregateStore,
    private readonly log: EventStore,
  ) {}

  async historyOf(pairing: Pairing): Promise<History> {
    const history: (SessionState | null)[] = [];
    for (;;) {
      const id = attemptId(pairing, history.length + 1);
      const session = await this.find(pairing.orgId, id);
      if (!session && !(await this.isDeleted(pairing.orgId, id))) return history;
      history.push(session ?? null);
    }
  }

  /** The command that made the session. */
  async madeBy(orgId: string, { sessionId }: SessionState): Promise<string | undefined> {
    const { facts } = await this.store.facts(streamName('session', orgId, sessionId), { limit: 1 });
    return facts[0]?.metadata.commandId;
  }

  private async find(orgId: string, sessionId: string): Promise<SessionState | undefined> {
    return (await this.sessions.find(orgId, sessionId))?.state;
  }

  /** Of a session that was not found a moment ago. */
  private async isDeleted(orgId: string, sessionId: string): Promise<boolean> {
    try {
      const { lastRevision } = await this.log.readStream(streamName('session', orgId, sessionId), { limit: 1 });
      // Facts of a session that cannot be found: deleted, though not to the last step. Unless it was made just now.
      return lastRevision !== null && (await this.find(orgId, sessionId)) === undefined;
    } catch (error) {
      if (isEventStoreError(error, 'stream_deleted')) return true;
      throw error;
    }
  }
}
