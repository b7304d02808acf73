import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { status } from '@grpc/grpc-js';
import { aborted } from '../common/abort.js';
import { isEventStoreError } from '../port/index.js';
import type { Connection } from './connection.js';
import { failed, readRefusal } from './refusals.js';
import type { ReadMessage } from './wire/read-response.js';

export interface Reading {
  readonly doing: string;
  /** Undefined for `$all`. */
  readonly stream?: string;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

const TRIES = 3;
const PAUSE_MS = 50;

/** A connection that broke is no reason to fail a read: nothing is written by asking again. */
export async function asked<Result>(read: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (attempt === TRIES || !isEventStoreError(error, 'unavailable')) throw error;
      await sleep(PAUSE_MS * attempt);
    }
  }
}

/** How a read ended: the server had no more, the reader had enough, or the time was up. */
export type ReadEnd = 'complete' | 'enough' | 'late';

/**
 * Reads until `take` answers false or the server has no more.
 * @throws EventStoreError | AbortError
 */
export async function readMessages(
  connection: Connection,
  request: ReadReq,
  { doing, stream, deadlineMs, signal }: Reading,
  take: (message: ReadMessage) => boolean,
): Promise<ReadEnd> {
  if (signal?.aborted) throw aborted(signal);
  const call = await connection.read(request, Date.now() + deadlineMs);
  return new Promise<ReadEnd>((resolve, reject) => {
    let isOver = false;
    let hasCome = false;
    const finish = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      signal?.removeEventListener('abort', abort);
      settle();
    };
    const abort = (): void =>
      finish(() => {
        call.cancel();
        reject(aborted(signal!));
      });
    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort, { once: true });
    call.on('data', (message: ReadMessage) => {
      hasCome = true;
      if (isOver) return;
      try {
        if (take(message)) return;
        finish(() => resolve('enough'));
        call.cancel();
      } catch (error) {
        finish(() => reject(error));
        call.cancel();
      }
    });
    call.on('end', () => finish(() => resolve('complete')));
    call.on('error', (error) =>
      finish(() => {
        if (failed(error).code !== status.DEADLINE_EXCEEDED) return reject(readRefusal(doing, error, stream));
        // Not a single message: perhaps nothing comes through on this connection any more.
        if (!hasCome) connection.renew().catch(() => undefined);
        resolve('late');
      }),
    );
  });
}
