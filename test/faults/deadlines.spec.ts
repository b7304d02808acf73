import { describe, expect, it } from '@jest/globals';
import { openEventStoreDb } from '#event-store/eventstoredb/index.js';
import { NodeProcess } from '#event-store/eventstoredb/testing/node-process.js';
import { event, events, ids, wholeLog } from '../../eventstore/contract/given.js';
import { TcpProxy } from './tcp-proxy.js';

const SILENT = { cut: 0, drop: 1, delayMs: 0, duplicate: 0 };
const PATIENCE = { tryMs: 100, wholeMs: 500, connectMs: 300, readMs: 400 };

describe('a server that does not answer', () => {
  it('is told apart: silent is an unknown outcome, gone is unavailable, and each is told in its time', async () => {
    await using node = await NodeProcess.start();
    await using proxy = await TcpProxy.to(node.tcpPort, Math.random);
    const store = await openEventStoreDb({ url: proxy.url, patience: PATIENCE });
    await store.append('here', 'no_stream', events(1));
    proxy.weather = SILENT;
    const began = performance.now();
    await expect(store.append('silent', 'no_stream', events(1))).rejects.toMatchObject({
      code: 'unknown_outcome',
      message: expect.stringContaining('silent'),
      details: { stream: 'silent' },
    });
    await expect(store.readStream('here', { limit: 1 })).rejects.toMatchObject({ code: 'unavailable' });
    expect(performance.now() - began).toBeLessThan(8_000);
    proxy.calm();
    const written = events(2);
    await store.append('after', 'no_stream', written);
    expect(ids(await wholeLog(store, 'start', { streamPrefixes: ['after'] }))).toEqual(ids(written));

    await node.kill();
    const gone = events(1);
    const refused = await store.append('gone', 'no_stream', gone).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: expect.stringMatching(/^(unavailable|unknown_outcome)$/) });
    expect((refused as Error).message).not.toBe('');
    expect(() => JSON.stringify(refused)).not.toThrow();
    await node.restart();
    await store.append('gone', 'no_stream', gone);
    await store.close();
  });
});

describe('what the adapter refuses before it asks', () => {
  it('finds a node by discovery, and refuses URLs it cannot use and names that are the store’s own', async () => {
    await using node = await NodeProcess.start();
    const store = await openEventStoreDb({ url: `esdb+discover://127.0.0.1:${node.tcpPort}?tls=false` });
    const refused = { code: 'invalid_argument' };
    await expect(store.append('$all', 'no_stream', events(1))).rejects.toMatchObject(refused);
    await expect(store.append('a', 'no_stream', [event('$metadata')])).rejects.toMatchObject(refused);
    await expect(store.readStream('$$a', { limit: 1 })).rejects.toMatchObject(refused);
    await expect(store.deleteStream('$streams')).rejects.toMatchObject(refused);
    await store.append('a', 'no_stream', events(1));
    await store.deleteStream('a');
    expect(await wholeLog(store, 'start')).toEqual([]);
    await store.close();
    await expect(openEventStoreDb({ url: 'mongodb://127.0.0.1' })).rejects.toMatchObject(refused);
  });
});
