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
  const logId = randomUUID();
  const cursors = new LogCursors(logId);

  it.each([0n, 1n, 9_007_199_254_740_993n, 9_223_372_036_854_775_807n])('comes back as the position %d', (position) => {
    expect(cursors.parse(cursors.encode(position), 'after')).toBe(position);
  });

  it('of another log is refused', () => {
    const foreign = new LogCursors(randomUUID()).encode(5n);
    expect(() => cursors.parse(foreign, 'after')).toThrow(
      expect.objectContaining({ code: 'invalid_cursor', param: 'after', status: 400 }),
    );
  });

  it.each(['', '5', '.5', `${logId}.`, `${logId}.-1`, `${logId}.05`, `${logId}.5.5`, `${logId}.1e3`, ` ${logId}.5`])(
    'of no such form is refused: %j',
    (text) => {
      expect(() => cursors.parse(text, 'after')).toThrow(
        expect.objectContaining({ code: 'invalid_cursor', param: 'after' }),
      );
    },
  );
});
