import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { abortable } from '../common/abort.js';
import type { ExpectedRevision } from '../port/index.js';
import type { Connection } from './connection.js';
import { failed, isDeniedAccess, unavailable, wrongRevision } from './refusals.js';
import { tombstone } from './requests.js';

const TRY_MS = 4_000;
const WHOLE_MS = 15_000;
const LONGEST_PAUSE_MS = 500;

/**
 * By a tombstone: a soft delete lets the name be taken again. Asked until it is known: a second tombstone is refused as
 * deleted, which is what was wanted.
 * @throws EventStoreError wrong_expected_revision | unavailable (it may still happen) | AbortError
 */
export async function deleteStream(
  connection: Connection,
  stream: string,
  expected: ExpectedRevision | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const began = performance.now();
  const doing = `the deletion of "${stream}"`;
  for (let pause = 10; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await abortable(connection.tombstone(tombstone(stream, expected), TRY_MS), signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      const { code, details, exception, actual } = failed(error);
      if (exception === 'stream-deleted') return;
      if (exception === 'wrong-expected-version') {
        const at = actual === undefined || actual === '-1' ? 'no_stream' : actual;
        throw wrongRevision(stream, String(expected), at);
      }
      if (isDeniedAccess(error)) throw unavailable(doing, `${details}: the user in its URL has no right to`, error);
      if (code === status.DEADLINE_EXCEEDED) await connection.renew().catch(() => undefined);
      if (performance.now() - began + pause > WHOLE_MS)
        throw unavailable(doing, `${details}; it may still happen, and can be asked again`, error);
      await sleep(pause, undefined, signal && { signal }).catch(() => undefined);
    }
  }
}
