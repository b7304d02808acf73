import { describe, expect, it } from '@jest/globals';
import type { EventStore } from '#event-store';
import { events, ids, ownPrefix, wholeLog } from './given.js';

export function describeDeleting(store: () => EventStore): void {
  describe('deleting a stream', () => {
    it('takes its events from every reader and keeps its name taken', async () => {
      const prefix = ownPrefix();
      const kept = events(2);
      await store().append(`${prefix}gone`, 'no_stream', events(3));
      await store().append(`${prefix}kept`, 'no_stream', kept);
      await store().deleteStream(`${prefix}gone`, 2n);
      const refused = { code: 'stream_deleted', details: { stream: `${prefix}gone` } };
      await expect(store().readStream(`${prefix}gone`, { limit: 1 })).rejects.toMatchObject(refused);
      for (const expected of ['no_stream', 2n] as const)
        await expect(store().append(`${prefix}gone`, expected, events(1))).rejects.toMatchObject(refused);
      expect(ids(await wholeLog(store(), 'start', { streamPrefixes: [prefix] }))).toEqual(ids(kept));
      expect(ids((await store().readStream(`${prefix}kept`, { limit: 9 })).events)).toEqual(ids(kept));
    });

    it('can be asked again, at any revision', async () => {
      const stream = `${ownPrefix()}a`;
      await store().append(stream, 'no_stream', events(1));
      await store().deleteStream(stream);
      await store().deleteStream(stream);
      await store().deleteStream(stream, 0n);
    });

    it('takes the name of a stream that never was', async () => {
      const stream = `${ownPrefix()}a`;
      await store().deleteStream(stream, 'no_stream');
      await expect(store().append(stream, 'no_stream', events(1))).rejects.toMatchObject({ code: 'stream_deleted' });
    });

    it('refuses another revision than the stream is at, and nothing is gone', async () => {
      const stream = `${ownPrefix()}a`;
      await store().append(stream, 'no_stream', events(2));
      for (const expected of ['no_stream', 0n, 2n] as const)
        await expect(store().deleteStream(stream, expected)).rejects.toMatchObject({
          code: 'wrong_expected_revision',
          details: { stream, expected: String(expected), actual: '1' },
        });
      expect((await store().readStream(stream, { limit: 9 })).events).toHaveLength(2);
    });

    it('never gives a position out twice, though the newest stream is the one deleted', async () => {
      const prefix = ownPrefix();
      const { position } = await store().append(`${prefix}a`, 'no_stream', events(5));
      await store().deleteStream(`${prefix}a`);
      expect(await store().head()).toBeGreaterThanOrEqual(position);
      const next = await store().append(`${prefix}b`, 'no_stream', events(1));
      expect(next.position).toBeGreaterThan(position);
    });
  });
}
