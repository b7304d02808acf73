import { describe, expect, it } from '@jest/globals';
import { type EventStore, isEventStoreError } from '#event-store';
import { content, event, events, ids, ownPrefix, wholeLog } from './given.js';

export function describeAppending(store: () => EventStore): void {
  describe('appending', () => {
    it('starts a stream at revision 0 and answers revision and position of the last event', async () => {
      const stream = `${ownPrefix()}a`;
      const answer = await store().append(stream, 'no_stream', events(3));
      const page = await store().readStream(stream, { limit: 10 });
      expect(page.events.map(({ revision }) => revision)).toEqual([0n, 1n, 2n]);
      expect(answer).toEqual({ revision: 2n, position: page.events[2]!.position });
      expect(await store().head()).toBeGreaterThanOrEqual(answer.position);
    });

    it('goes on at exactly the revision named, and only there', async () => {
      const stream = `${ownPrefix()}a`;
      await store().append(stream, 'no_stream', events(2));
      expect((await store().append(stream, 1n, events(1))).revision).toBe(2n);
      for (const expected of ['no_stream', 0n, 1n, 3n] as const)
        await expect(store().append(stream, expected, events(1))).rejects.toMatchObject({
          code: 'wrong_expected_revision',
          details: { stream, expected: String(expected), actual: '2' },
        });
      expect((await store().readStream(stream, { limit: 10 })).lastRevision).toBe(2n);
    });

    it('refuses a revision of a stream that is not there', async () => {
      const stream = `${ownPrefix()}a`;
      await expect(store().append(stream, 0n, events(1))).rejects.toMatchObject({
        code: 'wrong_expected_revision',
        details: { stream, expected: '0', actual: 'no_stream' },
      });
    });

    it('answers a repeated append as the first time and writes nothing', async () => {
      const stream = `${ownPrefix()}a`;
      const [first, second] = [events(2), events(3)];
      const answers = [await store().append(stream, 'no_stream', first), await store().append(stream, 1n, second)];
      await store().append(stream, 4n, events(1));
      expect(await store().append(stream, 'no_stream', first)).toEqual(answers[0]);
      expect(await store().append(stream, 1n, second)).toEqual(answers[1]);
      expect((await store().readStream(stream, { limit: 10 })).lastRevision).toBe(5n);
    });

    it('refuses the ids of what stands there when they come with other contents', async () => {
      const stream = `${ownPrefix()}a`;
      const [one, two] = [event(), event()];
      const answer = await store().append(stream, 'no_stream', [one, two]);
      const encoder = new TextEncoder();
      for (const other of [
        { ...two, data: encoder.encode('{"text":"another decision"}') },
        { ...two, metadata: encoder.encode('{"v":1,"by":"another process"}') },
        { ...two, type: 'something_else_happened' },
      ])
        await expect(store().append(stream, 'no_stream', [one, other])).rejects.toMatchObject({
          code: 'wrong_expected_revision',
          details: { stream, expected: 'no_stream', actual: '1' },
        });
      expect(await store().append(stream, 'no_stream', [one, two])).toEqual(answer);
    });

    it('lets one of two win that append other contents under the same ids at once', async () => {
      const stream = `${ownPrefix()}a`;
      const one = event();
      const contents = ['{"decided":"here"}', '{"decided":"there"}'].map((text) => new TextEncoder().encode(text));
      const settled = await Promise.allSettled(
        contents.map((data) => store().append(stream, 'no_stream', [{ ...one, data }])),
      );
      expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const { events: found } = await store().readStream(stream, { limit: 9 });
      const winner = settled.findIndex(({ status }) => status === 'fulfilled');
      expect(found.map(({ data }) => Buffer.from(data).toString())).toEqual([
        Buffer.from(contents[winner]!).toString(),
      ]);
    });

    it('refuses a repeat that differs in one id, is longer or stands elsewhere', async () => {
      const stream = `${ownPrefix()}a`;
      const [one, two] = [event(), event()];
      await store().append(stream, 'no_stream', [one, two]);
      for (const [expected, list] of [
        ['no_stream', [one, event()]],
        ['no_stream', [two, one]],
        ['no_stream', [one, two, event()]],
        [0n, [one]],
      ] as const)
        await expect(store().append(stream, expected, list)).rejects.toMatchObject({ code: 'wrong_expected_revision' });
      expect(ids((await store().readStream(stream, { limit: 10 })).events)).toEqual([one.id, two.id]);
    });

    it('gives back every byte as it was written', async () => {
      const stream = `${ownPrefix()}ünï-流-🙂`;
      const every = Uint8Array.from({ length: 256 }, (_, index) => index);
      const written = [
        { ...event(), contentType: 'application/octet-stream' as const, data: every, metadata: every.toReversed() },
        { ...event('type with ünï 流 🙂'), data: new Uint8Array(0), metadata: new Uint8Array(0) },
        { ...event(), data: every.subarray(10, 20), metadata: Buffer.from('view of a pool') },
      ];
      await store().append(stream, 'no_stream', written);
      const page = await store().readStream(stream, { limit: 10 });
      expect(page.events.map(content)).toEqual(written.map(content));
      expect(page.events.every((found) => found.stream === stream)).toBe(true);
    });

    it('takes 1,000 events at once, one after another in the log', async () => {
      const stream = `${ownPrefix()}a`;
      const before = await store().head();
      const batch = events(1_000);
      expect((await store().append(stream, 'no_stream', batch)).revision).toBe(999n);
      expect(ids(await wholeLog(store(), before, { streamPrefixes: [stream] }, 256))).toEqual(ids(batch));
      await expect(store().append(stream, 999n, events(1_001))).rejects.toMatchObject({ code: 'append_too_large' });
    });

    it('takes 1,048,576 bytes of type, data and metadata, and not one more', async () => {
      const stream = `${ownPrefix()}a`;
      const filling = (bytes: number) => ({
        ...event('ünt'),
        contentType: 'application/octet-stream' as const,
        data: new Uint8Array(bytes - 4 - 2),
        metadata: new Uint8Array(2),
      });
      await store().append(stream, 'no_stream', [filling(1_048_576)]);
      await expect(store().append(stream, 0n, [filling(1_048_577)])).rejects.toMatchObject({
        code: 'append_too_large',
        details: { bytes: 1_048_577, limit: 1_048_576 },
      });
    });

    it.each([
      ['no events', 'a', []],
      ['an empty stream name', '', [event()]],
      ['a lone surrogate in the name', 'a\ud800', [event()]],
      ['a NUL in the name', 'a\0b', [event()]],
      ['an id that is no uuid', 'a', [{ ...event(), id: 'event-1' }]],
      ['an upper-case id', 'a', [{ ...event(), id: event().id.toUpperCase().replace(/^./, 'A') }]],
      ['an empty type', 'a', [event('')]],
      ['a type of 257 characters', 'a', [event('x'.repeat(257))]],
    ])('refuses %s', async (_, stream, list) => {
      await expect(store().append(stream, 'no_stream', list)).rejects.toMatchObject({ code: 'invalid_argument' });
    });

    it('refuses a negative revision', async () => {
      await expect(store().append(`${ownPrefix()}a`, -1n, events(1))).rejects.toMatchObject({
        code: 'invalid_argument',
      });
    });

    it('lets exactly one of twenty appends at the same revision win', async () => {
      const stream = `${ownPrefix()}a`;
      for (const expected of ['no_stream', 0n] as const) {
        const tried = events(20);
        const settled = await Promise.allSettled(tried.map((one) => store().append(stream, expected, [one])));
        const won = tried.filter((_, index) => settled[index]!.status === 'fulfilled');
        expect(won).toHaveLength(1);
        for (const result of settled)
          if (result.status === 'rejected')
            expect(isEventStoreError(result.reason, 'wrong_expected_revision')).toBe(true);
        const { events: found } = await store().readStream(stream, { direction: 'backwards', limit: 1 });
        expect(ids(found)).toEqual(ids(won));
      }
    });

    it('writes nothing for a call that was aborted before it began', async () => {
      const stream = `${ownPrefix()}a`;
      await expect(
        store().append(stream, 'no_stream', events(1), { signal: AbortSignal.abort() }),
      ).rejects.toMatchObject({ name: 'AbortError' });
      expect((await store().readStream(stream, { limit: 1 })).lastRevision).toBeNull();
    });

    it('ends a call that is aborted under way with AbortError', async () => {
      const controller = new AbortController();
      const call = store().append(`${ownPrefix()}a`, 'no_stream', events(1), { signal: controller.signal });
      controller.abort();
      await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    });
  });
}
