import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { event, events, ids, messagesUntil, wholeLog } from '../contract/given.js';
import { EmbeddedEventStore } from './embedded-event-store.js';
import { fileParts } from './open.js';
import { TemporaryDirectory } from './testing/directories.js';

/** A store whose threads the test can kill. */
async function opened(directory: TemporaryDirectory) {
  const reported: unknown[] = [];
  const parts = await fileParts(join(directory.path, 'log.db'), {
    report: (error) => reported.push(error),
    release: () => {},
  });
  return { store: directory.closeLater(new EmbeddedEventStore(parts)), ...parts, reported };
}

describe('a reader thread that dies', () => {
  it('is started again, and the reads it held are answered', async () => {
    await using directory = await TemporaryDirectory.make();
    const { store, readers, reported } = await opened(directory);
    await store.append('a', 'no_stream', events(500));
    for (let round = 0; round < 3; round += 1) {
      const reads = Array.from({ length: 20 }, () => store.readAll({ limit: 500 }));
      await new Promise(setImmediate);
      await Promise.all(readers.map((reader) => reader.kill()));
      for (const page of await Promise.all(reads)) expect(page.events).toHaveLength(500);
    }
    expect(reported.length).toBeGreaterThan(0);
    await store.close();
  });

  it('is not noticed by a subscriber', async () => {
    await using directory = await TemporaryDirectory.make();
    const { store, readers } = await opened(directory);
    const written = events(300);
    await store.append('a', 'no_stream', written.slice(0, 200));
    const killing = (async () => {
      for (let round = 0; round < 6; round += 1) {
        await Promise.all(readers.map((reader) => reader.kill()));
        await sleep(5);
      }
      await store.append('a', 199n, written.slice(200));
    })();
    const { delivered } = await messagesUntil(
      store,
      { after: 'start', batchSize: 10 },
      (_, all) => all.length >= written.length,
      () => sleep(1),
    );
    await killing;
    expect(ids(delivered)).toEqual(ids(written));
    await store.close();
  });
});

describe('a writer thread that dies', () => {
  it('leaves appends of unknown outcome, each whole or not there, and asking again completes them', async () => {
    await using directory = await TemporaryDirectory.make();
    const { store, writer, reported } = await opened(directory);
    for (let round = 0; round < 5; round += 1) {
      const tried = Array.from({ length: 40 }, () => events(3));
      const calls = tried.map((list, index) => store.append(`s-${round}-${index}`, 'no_stream', list));
      const settled = Promise.allSettled(calls);
      await sleep(round);
      await writer.kill();
      for (const [index, result] of (await settled).entries()) {
        const stream = `s-${round}-${index}`;
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'unknown_outcome' });
        const { events: found } = await store.readStream(stream, { limit: 10 });
        expect(result.status === 'fulfilled' ? [3] : [0, 3]).toContain(found.length);
        await store.append(stream, 'no_stream', tried[index]!);
        expect(ids((await store.readStream(stream, { limit: 10 })).events)).toEqual(ids(tried[index]!));
      }
    }
    expect(await wholeLog(store, 'start')).toHaveLength(5 * 40 * 3);
    expect(reported).toHaveLength(5);
    await store.close();
  });

  it('leaves nothing committed that live subscribers do not hear of', async () => {
    await using directory = await TemporaryDirectory.make();
    const { store, writer } = await opened(directory);
    const subscription = store.subscribe({ after: 'end' })[Symbol.asyncIterator]();
    expect((await subscription.next()).value).toMatchObject({ kind: 'caught_up' });
    const call = store.append('a', 'no_stream', [event()]);
    const heard = subscription.next();
    for (;;) {
      await new Promise(setImmediate);
      if ((await store.readStream('a', { limit: 1 })).lastRevision !== null) break;
    }
    await writer.kill();
    await call.catch(() => undefined);
    expect((await heard).value).toMatchObject({ kind: 'events' });
    await store.close();
  });
});
