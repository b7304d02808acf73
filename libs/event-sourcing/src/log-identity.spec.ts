import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EventStore } from '#event-store';
import { openEmbeddedEventStore } from '#event-store/embedded/index.js';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { RandomIds, SettableClock } from '#platform';
import { FactCodec } from './codec.js';
import { LogCursors } from './cursor.js';
import { obtainLogId } from './log-identity.js';

describe("the log's id", () => {
  let log: EventStore;
  let ops: EmbeddedOpsStore;
  beforeAll(async () => {
    log = await openEmbeddedEventStore({ memory: true });
    ops = await EmbeddedOpsStore.open({ secret: 'a secret for specs, as long as secrets must be' });
  });
  afterAll(() => Promise.all([log.close(), ops.close()]));

  it('is one, however many first starts race, and stays', async () => {
    const parts = { log, codec: new FactCodec(ops), ids: new RandomIds(), clock: new SettableClock() };
    const ids = await Promise.all(Array.from({ length: 10 }, () => obtainLogId(parts)));
    expect(new Set(ids).size).toBe(1);
    expect(await obtainLogId(parts)).toBe(ids[0]);
    expect((await log.readStream('log-identity', { limit: 10 })).events).toHaveLength(1);
  });
});

describe('a cursor', () => {
  const LAST = 9_223_372_036_854_775_807n;
  const logId = randomUUID();
  const cursorsUpTo = (head: bigint) => new LogCursors(logId, async () => head);
  const cursors = cursorsUpTo(LAST);
  const refused = expect.objectContaining({ code: 'invalid_cursor', param: 'after', status: 400 });

  it.each([0n, 1n, 9_007_199_254_740_993n, LAST])('comes back as the position %d', async (position) => {
    expect(await cursors.parse(cursors.encode(position), 'after')).toBe(position);
  });

  it('of another log is refused', async () => {
    const foreign = new LogCursors(randomUUID(), async () => LAST).encode(5n);
    await expect(cursors.parse(foreign, 'after')).rejects.toEqual(refused);
  });

  it('past the end of its log is refused', async () => {
    await expect(cursorsUpTo(5n).parse(cursors.encode(6n), 'after')).rejects.toEqual(refused);
  });

  it.each(['', '5', '.5', `${logId}.`, `${logId}.-1`, `${logId}.05`, `${logId}.5.5`, `${logId}.1e3`, ` ${logId}.5`])(
    'of no such form is refused: %j',
    async (text) => {
      await expect(cursors.parse(text, 'after')).rejects.toEqual(refused);
    },
  );
});
