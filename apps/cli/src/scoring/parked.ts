import type { ApiClient } from '../client.js';

export interface ParkedSession {
  readonly sessionId: string;
  readonly parkedAt: string;
  readonly attempts: number;
  readonly reason: string;
}

const PAGE = 100;

export async function* parkedSessions(client: ApiClient): AsyncGenerator<ParkedSession> {
  for (let offset = 0; ; offset += PAGE) {
    const path = `/api/scoring/parked?limit=${PAGE}&offset=${offset}`;
    const { parked, total } = await client.get<{ parked: readonly ParkedSession[]; total: number }>(path);
    yield* parked;
    if (offset + PAGE >= total) return;
  }
}

/** Answers the sessions whose scores were asked for again. */
export async function replay(client: ApiClient, wanted: 'all' | readonly string[]): Promise<readonly string[]> {
  const sessions = wanted === 'all' ? [] : [...wanted];
  // The whole list first: what is asked for again leaves it.
  if (wanted === 'all') for await (const { sessionId } of parkedSessions(client)) sessions.push(sessionId);
  for (const sessionId of sessions) await client.post(`/api/scoring/parked/${encodeURIComponent(sessionId)}/replay`);
  return sessions;
}
