import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ids } from '../contract/given.js';
import type { RecordedEvent } from '../port/index.js';
import { openEventStoreDb } from './index.js';
import { UnscavengedServer } from './testing/unscavenged-server.js';

const id = (): string => randomUUID();

describe('a deleted stream whose events $all shows until a scavenge', () => {
  it('is shown to no process that starts after the deletion, wherever and however it reads', async () => {
    await using server = await UnscavengedServer.start();
    const [gone, kept] = [id(), id()];
    server.write('session-gone', gone);
    server.write('session-kept', kept);
    server.delete('session-gone', id());
    const log = await openEventStoreDb({ url: server.url });
    try {
      for (const limit of [1, 100]) {
        const seen: string[] = [];
        for (let after: bigint | 'start' = 'start', atEnd = false; !atEnd; ) {
          const page = await log.readAll({ after, limit });
          seen.push(...ids(page.events));
          after = page.scannedTo;
          atEnd = page.atEnd;
        }
        expect(seen).toEqual([kept]);
      }
      expect(ids((await log.readAll({ limit: 9, filter: { types: ['thing'] } })).events)).toEqual([kept]);
      const caughtUp = new AbortController();
      const delivered: RecordedEvent[] = [];
      for await (const message of log.subscribe({ after: 'start', signal: caughtUp.signal })) {
        if (message.kind === 'events') delivered.push(...message.events);
        if (message.kind === 'caught_up') break;
      }
      expect(ids(delivered)).toEqual([kept]);
    } finally {
      await log.close();
    }
  });

  it('is shown no more to a process that lags behind a deletion made by another', async () => {
    await using server = await UnscavengedServer.start();
    const [gone, kept] = [id(), id()];
    const log = await openEventStoreDb({ url: server.url });
    try {
      server.write('session-gone', gone);
      server.write('session-kept', kept);
      expect(ids((await log.readAll({ limit: 9 })).events)).toEqual([gone, kept]);
      server.delete('session-gone', id());
      expect(ids((await log.readAll({ limit: 9 })).events)).toEqual([kept]);
    } finally {
      await log.close();
    }
  });
});
