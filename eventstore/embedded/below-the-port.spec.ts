import { describe, expect, it } from '@jest/globals';
import { event, events, ids, wholeLog } from '../contract/given.js';
import type { EventData } from '../port/index.js';
import type { EmbeddedEventStore } from './embedded-event-store.js';
import { openEmbeddedEventStore } from './index.js';
import { ANY, EXISTS } from './messages.js';
import { TemporaryDirectory } from './testing/directories.js';

const bytes = (list: readonly EventData[]): number =>
  list.reduce((sum, { data, metadata }) => sum + data.byteLength + metadata.byteLength, 0);
const append = (store: EmbeddedEventStore, stream: string, expected: number, list: readonly EventData[]) =>
  store.engine.append(stream, expected, list, bytes(list));

describe('the engine below the port', () => {
  it('knows a repeat at any revision, also of what was written before it was opened', async () => {
    await using directory = await TemporaryDirectory.make();
    const first = events(2);
    const store = await directory.open();
    const written = await store.append('a', 'no_stream', first);
    await append(store, 'a', ANY, events(1));
    expect(await append(store, 'a', ANY, first)).toMatchObject(written);
    await store.close();
    const reopened = await directory.open();
    expect(await append(reopened, 'a', EXISTS, first)).toMatchObject(written);
    expect((await reopened.readStream('a', { limit: 10 })).events).toHaveLength(3);
  });

  it('does not take an append that was rolled back for written', async () => {
    await using directory = await TemporaryDirectory.make();
    const store = await directory.open({ maxPageCount: 60 });
    await append(store, 'a', ANY, events(1));
    const large = [event(), { ...event(), data: new Uint8Array(400_000) }];
    await expect(append(store, 'a', ANY, large)).rejects.toMatchObject({ code: 'unavailable' });
    await store.limitPages(1_000);
    expect(await append(store, 'a', ANY, large)).toMatchObject({ revision: 2n });
  });

  it('keeps a deletion from the readers of the port, and shows it to who asks for it', async () => {
    const store = await openEmbeddedEventStore({ memory: true });
    await store.append('kept', 'no_stream', [event()]);
    await store.append('gone', 'no_stream', events(2));
    await store.deleteStream('gone');
    expect((await wholeLog(store, 'start')).map(({ stream }) => stream)).toEqual(['kept']);
    const all = { kind: 'log', backwards: false, from: 0, limit: 10, conditions: { deletions: true } } as const;
    const { rows } = await store.engine.readLog(all);
    expect(rows.types).toEqual(['something_happened', '$streamDeleted']);
    expect(rows.positions.at(-1)).toBe(Number(await store.head()));
    await store.close();
  });

  it('makes a hidden stream again in one step with its next event, whoever writes it', async () => {
    const store = await openEmbeddedEventStore({ memory: true });
    await store.append('a', 'no_stream', events(2));
    await store.engine.ask({ kind: 'hide', stream: 'a', expected: 1 });
    expect(await store.readStream('a', { limit: 10 })).toMatchObject({ events: [], lastRevision: null });
    const [next] = events(1);
    expect(await store.append('a', 'no_stream', [next!])).toMatchObject({ revision: 2n });
    const page = { kind: 'stream', stream: 'a', backwards: false, from: 0, limit: 10, truncated: true } as const;
    expect(await store.engine.readStream(page)).toMatchObject({ lastRevision: 2, first: 2, rows: { ids: next!.id } });
    await store.close();
  });

  it('tells who follows one stream of what happens to that stream alone', async () => {
    const store = await openEmbeddedEventStore({ memory: true });
    const ended = new AbortController();
    const watch = store.engine.watch('a', ended.signal);
    const isTouched = () => Promise.race([watch.touched().then(() => true), Promise.resolve().then(() => false)]);
    const changes = [
      () => store.append('a', 'no_stream', events(1)),
      () => store.engine.ask({ kind: 'hide', stream: 'a', expected: 0 }),
      () => append(store, 'a', ANY, events(1)),
      () => store.deleteStream('a'),
      () => ended.abort(),
    ];
    for (const [index, change] of changes.entries()) {
      watch.rearm();
      await store.append(`b-${index}`, 'no_stream', events(1));
      expect(await isTouched()).toBe(false);
      await change();
      expect(await isTouched()).toBe(true);
    }
    const last = store.engine.watch('c', new AbortController().signal);
    await store.close();
    await last.touched();
  });

  it('reads the log backwards in pages to the beginning', async () => {
    const store = await openEmbeddedEventStore({ memory: true });
    const written = events(20);
    for (const [index, one] of written.entries()) await store.append(`s-${index}`, 'no_stream', [one]);
    const found: string[] = [];
    let from = 21;
    for (let isOver = false; !isOver; ) {
      const request = { kind: 'log', backwards: true, from, limit: 3 } as const;
      const page = await store.engine.readLog({ ...request, conditions: { deletions: false } });
      for (let at = 0; at < page.rows.ids.length; at += 36) found.push(page.rows.ids.slice(at, at + 36));
      from = page.scannedTo;
      isOver = page.atEnd;
    }
    expect(found).toEqual(ids(written).toReversed());
    await store.close();
  });

  it('shows a stream again when the metadata that hid it is deleted for good, and hides it no more', async () => {
    const store = await openEmbeddedEventStore({ memory: true });
    const { engine } = store;
    await append(store, 'a', ANY, events(2));
    await engine.ask({ kind: 'hide', stream: 'a', expected: ANY });
    await engine.ask({ kind: 'delete', stream: '$$a', expected: ANY, again: 'refused' });
    expect(await append(store, 'a', 1, events(1))).toMatchObject({ revision: 2n });
    await expect(engine.ask({ kind: 'hide', stream: 'a', expected: ANY })).rejects.toMatchObject({
      code: 'stream_deleted',
      details: { stream: '$$a' },
    });
    expect((await store.readStream('a', { limit: 10 })).events).toHaveLength(3);
    const request = { kind: 'log', backwards: false, from: 0, limit: 10, conditions: { deletions: true } } as const;
    expect((await engine.readLog(request)).rows.positions).toHaveLength(4);
    await store.close();
  });
});
