import { setTimeout as sleep } from 'node:timers/promises';
import type { AppendResult, EventData, ExpectedRevision } from '../port/index.js';
import { AppendLine } from './append-line.js';
import type { Connection } from './connection.js';
import { unavailable, unknownOutcome } from './refusals.js';

export interface AppendPatience {
  /** A try without an answer for this long is given up on, and made again on a new connection. */
  readonly tryMs: number;
  /** After this long without an outcome the caller is told that it is not known. */
  readonly wholeMs: number;
  /** While it is certain that nothing was written: how long a server that is away is waited for. */
  readonly connectMs: number;
}

export const APPEND_PATIENCE: AppendPatience = { tryMs: 4_000, wholeMs: 15_000, connectMs: 2_000 };

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 500;

/**
 * Appends with deadlines of their own: the client would wait for an answer for ever. A try of unknown outcome is resolved by
 * asking again with the same ids at the same revision, which the server answers as the first time if it stands, and with
 * the revision the stream is at if somebody else was there first.
 */
export class Appends {
  private readonly line: AppendLine;

  constructor(
    connection: Connection,
    private readonly patience: AppendPatience = APPEND_PATIENCE,
  ) {
    this.line = new AppendLine(connection);
  }

  /** @throws EventStoreError | AbortError */
  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly EventData[],
    signal: AbortSignal | undefined,
  ): Promise<AppendResult> {
    const { tryMs, wholeMs, connectMs } = this.patience;
    const request = { stream, expected, events };
    const began = performance.now();
    let isDoubtful = false;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const left = wholeMs - (performance.now() - began);
      const tried = await this.line.attempt(request, Math.max(1, Math.min(tryMs, left)), signal);
      if (tried.outcome === 'stands') return tried.result;
      if (tried.outcome === 'refused') throw tried.error;
      isDoubtful ||= tried.outcome === 'unknown';
      const patience = isDoubtful ? wholeMs : connectMs;
      if (performance.now() - began + pause > patience)
        throw isDoubtful ? unknownOutcome(stream, tried.why) : unavailable(`an append to "${stream}"`, tried.why);
      // Until then the abort below ends the wait with the reason that `attempt` turns into its own error.
      await sleep(pause, undefined, signal && { signal }).catch(() => undefined);
    }
  }
}
