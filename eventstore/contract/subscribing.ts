import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { EventStore, LogFilter, SubscriptionMessage } from '#event-store';
import { event, events, ids, messagesUntil, ownPrefix } from './given.js';

const kinds = (messages: readonly SubscriptionMessage[]): string[] => messages.map(({ kind }) => kind);

export function describeSubscribing(store: () => EventStore): void {
  /** Calls `then` the first time the subscription has caught up. */
  const whenLive = (then: () => Promise<unknown>) => {
    let isFirst = true;
    return async (message: SubscriptionMessage): Promise<void> => {
      if (message.kind !== 'caught_up' || !isFirst) return;
      isFirst = false;
      await then();
    };
  };

  describe('subscribing', () => {
    it('delivers what is there, says that it has caught up, then what comes', async () => {
      const stream = `${ownPrefix()}a`;
      const [old, fresh] = [events(3), events(2)];
      await store().append(stream, 'no_stream', old);
      const { messages, delivered } = await messagesUntil(
        store(),
        { after: 'start', filter: { streamPrefixes: [stream] } },
        ({ kind }, all) => kind === 'caught_up' && all.length === 5,
        whenLive(() => store().append(stream, 2n, fresh)),
      );
      expect(ids(delivered)).toEqual(ids([...old, ...fresh]));
      const heard = kinds(messages).filter((kind) => kind !== 'checkpoint');
      expect(heard.lastIndexOf('events')).toBeGreaterThan(heard.indexOf('caught_up'));
      expect(heard.at(-1)).toBe('caught_up');
    });

    it('starts after the position it is given', async () => {
      const stream = `${ownPrefix()}a`;
      const written = events(4);
      const { position } = await store().append(stream, 'no_stream', written.slice(0, 2));
      await store().append(stream, 1n, written.slice(2));
      const { delivered } = await messagesUntil(store(), { after: position }, ({ kind }) => kind === 'caught_up');
      expect(ids(delivered)).toEqual(ids(written.slice(2)));
    });

    it("from the end delivers only what is appended after the call to 'subscribe'", async () => {
      const stream = `${ownPrefix()}a`;
      const written = events(3);
      await store().append(stream, 'no_stream', written.slice(0, 1));
      const subscription = store().subscribe({ after: 'end' })[Symbol.asyncIterator]();
      await store().append(stream, 0n, written.slice(1));
      const first = await subscription.next();
      expect(first.value).toMatchObject({ kind: 'events' });
      expect(first.value.kind === 'events' && ids(first.value.events)).toEqual(ids(written.slice(1)));
      await subscription.return?.();
    });

    it.each<[string, (prefix: string) => LogFilter, number]>([
      ['stream prefix', (prefix) => ({ streamPrefixes: [`${prefix}wanted`] }), 20],
      ['type', (prefix) => ({ streamPrefixes: [prefix], types: ['odd'] }), 20],
      ['both', (prefix) => ({ streamPrefixes: [`${prefix}wanted`], types: ['odd'] }), 10],
    ])('delivers only what matches its filter by %s', async (_, filter, count) => {
      const prefix = ownPrefix();
      const after = await store().head();
      const batch = () => Array.from({ length: 10 }, (__, index) => event(index % 2 ? 'odd' : 'even'));
      const written = new Map<string, string>();
      for (const name of ['wanted-1', 'other-1', 'wanted-2', 'other-2']) {
        const list = batch();
        for (const one of list) written.set(one.id, `${name} ${one.type}`);
        await store().append(`${prefix}${name}`, 'no_stream', list);
      }
      const { delivered } = await messagesUntil(
        store(),
        { after, filter: filter(prefix), batchSize: 3 },
        ({ kind }) => kind === 'caught_up',
      );
      const { streamPrefixes, types } = filter(prefix);
      expect(delivered).toHaveLength(count);
      expect(delivered.every(({ stream }) => streamPrefixes!.some((one) => stream.startsWith(one)))).toBe(true);
      expect(delivered.every(({ type }) => !types || types.includes(type))).toBe(true);
      expect(ids(delivered)).toEqual([...written.keys()].filter((id) => new Set(ids(delivered)).has(id)));
    });

    it('lets a reader move its checkpoint past what did not match', async () => {
      const stream = `${ownPrefix()}a`;
      const after = await store().head();
      const { position } = await store().append(stream, 'no_stream', events(10));
      const { messages, delivered } = await messagesUntil(
        store(),
        { after, filter: { types: ['unheard_of'] } },
        (message) => message.kind === 'checkpoint' && message.position >= position,
      );
      expect(delivered).toEqual([]);
      expect(kinds(messages)).not.toContain('events');
    });

    it('delivers no batch larger than asked for', async () => {
      const stream = `${ownPrefix()}a`;
      const after = await store().head();
      await store().append(stream, 'no_stream', events(10));
      const { messages } = await messagesUntil(
        store(),
        { after, batchSize: 4, filter: { streamPrefixes: [stream] } },
        ({ kind }) => kind === 'caught_up',
      );
      const sizes = messages.flatMap((message) => (message.kind === 'events' ? [message.events.length] : []));
      expect(sizes).toEqual([4, 4, 2]);
    });

    it('gives a slow consumer everything once, in order, while others write', async () => {
      const stream = `${ownPrefix()}a`;
      const after = await store().head();
      const written = events(60);
      const writing = (async () => {
        for (const [index, one] of written.entries())
          await store().append(stream, index === 0 ? 'no_stream' : BigInt(index - 1), [one]);
      })();
      const { delivered } = await messagesUntil(
        store(),
        { after, batchSize: 7, filter: { streamPrefixes: [stream] } },
        (_, all) => all.length >= written.length,
        () => sleep(3),
      );
      await writing;
      expect(ids(delivered)).toEqual(ids(written));
    });

    it('serves several subscribers, each from its own place', async () => {
      const stream = `${ownPrefix()}a`;
      const written = events(30);
      const { position } = await store().append(stream, 'no_stream', written.slice(0, 10));
      const until = (count: number) => (_: SubscriptionMessage, all: readonly unknown[]) => all.length >= count;
      const filter = { streamPrefixes: [stream] };
      const followed = Promise.all([
        messagesUntil(store(), { after: 'start', filter, batchSize: 1 }, until(30)),
        messagesUntil(store(), { after: position, filter }, until(20)),
        messagesUntil(store(), { after: 'end', filter, batchSize: 5 }, until(20)),
      ]);
      for (let at = 10; at < 30; at += 4) await store().append(stream, BigInt(at - 1), written.slice(at, at + 4));
      const [all, middle, end] = await followed;
      expect(ids(all.delivered)).toEqual(ids(written));
      expect(ids(middle.delivered)).toEqual(ids(written.slice(10)));
      expect(ids(end.delivered)).toEqual(ids(written.slice(10)));
    });

    it('does not deliver a stream that was deleted before it came there', async () => {
      const prefix = ownPrefix();
      const kept = events(1);
      await store().append(`${prefix}gone`, 'no_stream', events(3));
      await store().append(`${prefix}kept`, 'no_stream', kept);
      await store().deleteStream(`${prefix}gone`);
      const { delivered } = await messagesUntil(
        store(),
        { after: 'start', filter: { streamPrefixes: [prefix] } },
        ({ kind }) => kind === 'caught_up',
      );
      expect(ids(delivered)).toEqual(ids(kept));
    });

    it('ends without an error when its signal aborts, live or not yet begun', async () => {
      const controller = new AbortController();
      const seen: string[] = [];
      for await (const { kind } of store().subscribe({ after: 'end', signal: controller.signal })) {
        seen.push(kind);
        setTimeout(() => controller.abort(), 10);
      }
      expect(seen).toEqual(['caught_up']);
      for await (const { kind } of store().subscribe({ after: 'start', signal: controller.signal })) seen.push(kind);
      expect(seen).toEqual(['caught_up']);
    });

    it('ends at once when the consumer returns while it waits', async () => {
      const subscription = store().subscribe({ after: 'end' })[Symbol.asyncIterator]();
      expect((await subscription.next()).value).toMatchObject({ kind: 'caught_up' });
      const waiting = subscription.next();
      await subscription.return?.();
      expect(await waiting).toEqual({ value: undefined, done: true });
    });
  });
}
