import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { EventData } from '#event-store';
import { event, ids, wholeLog } from '../contract/given.js';
import { type EmbeddedEventStore, openEmbeddedEventStore } from './index.js';
import { TemporaryDirectory } from './testing/directories.js';

const PAGES = 200;

const large = (): EventData => ({ ...event(), contentType: 'application/octet-stream', data: randomBytes(20_000) });

/** Appends to streams of their own, several at once and then one by one, until one alone is refused. */
async function fill(store: EmbeddedEventStore, name: string): Promise<string[]> {
  const kept: string[] = [];
  let together = 8;
  for (let round = 0; together > 0; round += 1) {
    const tried = Array.from({ length: together }, large);
    const settled = await Promise.allSettled(
      tried.map((one, index) => store.append(`${name}-${round}-${index}`, 'no_stream', [one])),
    );
    let refused = 0;
    for (const [index, result] of settled.entries()) {
      if (result.status === 'fulfilled') kept.push(tried[index]!.id);
      else {
        expect(result.reason).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/room/i) });
        refused += 1;
      }
    }
    if (refused > 0) together = together === 1 ? 0 : 1;
  }
  return kept;
}

const stored = async (store: EmbeddedEventStore): Promise<Set<string>> => new Set(ids(await wholeLog(store, 'start')));

describe.each(['in a directory', 'in memory'])('a log %s that is full', (where) => {
  it('refuses appends as unavailable, acknowledges nothing false, and goes on when there is room', async () => {
    await using directory = await TemporaryDirectory.make();
    const maxPageCount = PAGES;
    const store =
      where === 'in memory'
        ? await openEmbeddedEventStore({ memory: true, maxPageCount })
        : await directory.open({ maxPageCount });
    const first = await fill(store, 'first');
    expect(await stored(store)).toEqual(new Set(first));

    const waiting = large();
    await expect(store.append('waiting', 'no_stream', [waiting])).rejects.toMatchObject({ code: 'unavailable' });
    await store.limitPages(PAGES * 2);
    await store.append('waiting', 'no_stream', [waiting]);
    const second = await fill(store, 'second');
    expect(second.length).toBeGreaterThan(0);
    expect(await stored(store)).toEqual(new Set([...first, waiting.id, ...second]));
    await store.close();
  });
});

describe('a full log', () => {
  it('still deletes streams, and goes on when it is opened with more room', async () => {
    await using directory = await TemporaryDirectory.make();
    const store = await directory.open({ maxPageCount: PAGES });
    const kept = await fill(store, 'first');
    const one = large();
    await store.deleteStream('first-0-0');
    await store.close();
    const reopened = await directory.open({ maxPageCount: PAGES + 50 });
    await reopened.append('after-opening', 'no_stream', [one]);
    expect(await stored(reopened)).toEqual(new Set([...kept.slice(1), one.id]));
    await reopened.close();
  });
});
