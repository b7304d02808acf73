import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  allRead,
  append,
  backwards,
  failureOf,
  filtered,
  type ReadOutcome,
  read,
  remove,
  streamRead,
  subscription,
} from './testing/raw.js';
import { TestNode } from './testing/test-node.js';

let node: TestNode;
const leaving = new AbortController();
beforeAll(async () => {
  const rights = { user: 'auditor', mayWrite: false, prefixes: ['mine-'], ended: leaving.signal };
  node = await TestNode.start({ admit: async () => rights });
  const event = (type: string, data = '{}') => ({
    id: crypto.randomUUID(),
    type,
    contentType: 'application/json' as const,
    data: Buffer.from(data),
    metadata: Buffer.alloc(0),
  });
  await node.log.append('theirs-1', 'any', [event('secret')]);
  await node.log.append('mine-1', 'any', [event('told'), event('$>', '0@theirs-1'), event('$>', '0@mine-1')]);
  await node.log.append('$$theirs-1', 'any', [event('$metadata')]);
});
afterAll(() => node[Symbol.asyncDispose]());

const DENIED = { code: 7, details: 'Access Denied', trailers: { exception: 'access-denied' } };
const streamsIn = ({ events }: ReadOutcome): string[] =>
  events
    .flatMap((event) => [event.getEvent(), event.getLink()])
    .flatMap((one) => (one ? [Buffer.from(one.getStreamIdentifier()!.getStreamName_asU8()).toString()] : []));

describe('a caller who may read some streams', () => {
  it('reads those, and no other: not its metadata, not by subscription', async () => {
    expect((await read(node.raw, streamRead('mine-1'))).events).toHaveLength(3);
    for (const stream of ['theirs-1', '$$theirs-1', '$$mine-1', '$all', 'min'])
      for (const options of [streamRead(stream), subscription(streamRead(stream))])
        expect((await read(node.raw, options)).error).toEqual(DENIED);
  });

  it('sees only those in $all, both ways, whatever the filter', async () => {
    for (const options of [
      allRead(),
      backwards(allRead('end')),
      filtered(allRead(), { on: 'stream', prefixes: ['theirs', 'mine'] }),
      filtered(allRead(), { on: 'stream', regex: '.' }),
      filtered(allRead(), { on: 'type', regex: '.' }),
    ])
      expect(new Set(streamsIn(await read(node.raw, options)))).toEqual(new Set(['mine-1']));
  });

  it('sees no event behind a link that leads out of them', async () => {
    const { events } = await read(node.raw, streamRead('mine-1', 1n).setResolveLinks(true));
    expect(events.map((event) => [event.hasEvent(), event.hasLink()])).toEqual([
      [false, true],
      [true, true],
    ]);
  });

  it('writes nowhere', async () => {
    expect(await failureOf(append(node.raw, 'mine-1', 'any', [{}]))).toEqual(DENIED);
    for (const how of ['delete', 'tombstone'] as const)
      expect(await failureOf(remove(node.raw, how, 'mine-1', 'any'))).toEqual(DENIED);
  });

  it('loses its subscription with its rights', async () => {
    let heard = 0;
    const ended = read(node.raw, subscription(allRead()), (messages) => {
      heard = messages.length;
      if (heard === 5) leaving.abort();
      return false;
    });
    const { events, error } = await ended;
    expect([heard, events.length, error]).toEqual([5, 3, DENIED]);
  });
});
