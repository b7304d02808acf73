import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allRead, append, filtered, read, remove, streamRead } from './testing/raw.js';
import { aStream, TestNode } from './testing/test-node.js';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node[Symbol.asyncDispose]());

const linkTo = (data: string) => ({ type: '$>', data, contentType: 'application/octet-stream' });
const nameOf = (event: { getStreamIdentifier(): { getStreamName_asU8(): Uint8Array } | undefined } | undefined) =>
  event && Buffer.from(event.getStreamIdentifier()!.getStreamName_asU8()).toString();

async function links(...data: string[]): Promise<string> {
  const stream = aStream();
  await append(node.raw, stream, 'no_stream', data.map(linkTo));
  return stream;
}

async function target(count = 2): Promise<string> {
  const stream = `${aStream()}@x`;
  await append(
    node.raw,
    stream,
    'no_stream',
    Array.from({ length: count }, () => ({})),
  );
  return stream;
}

const resolved = async (stream: string, from?: bigint) =>
  (await read(node.raw, streamRead(stream, from).setResolveLinks(true))).events;

describe('a link', () => {
  it('is resolved when that is asked for: event and link, at the position of the link', async () => {
    const to = await target();
    const stream = await links(`1@${to}`);
    const [event] = await resolved(stream);
    expect([nameOf(event?.getEvent()), event?.getEvent()?.getStreamRevision()]).toEqual([to, '1']);
    expect([nameOf(event?.getLink()), event?.getLink()?.getStreamRevision()]).toEqual([stream, '0']);
    expect(event?.getCommitPosition()).toBe(event?.getLink()?.getCommitPosition());
    const [plain] = (await read(node.raw, streamRead(stream))).events;
    expect([nameOf(plain?.getEvent()), plain?.hasLink()]).toEqual([stream, false]);
  });

  it('whose target is truncated, never was or is deleted comes without an event', async () => {
    const truncated = await target();
    await append(node.raw, `$$${truncated}`, 'any', [{ type: '$metadata', data: '{"$tb":1}' }]);
    const gone = await target();
    await remove(node.raw, 'tombstone', gone, 'any');
    const stream = await links(`0@${truncated}`, '5@nowhere', `0@${gone}`, `9@${truncated}`, `1@${truncated}`);
    const events = await resolved(stream);
    expect(events.map((event) => [event.hasEvent(), event.hasLink()])).toEqual([
      [false, true],
      [false, true],
      [false, true],
      [false, true],
      [true, true],
    ]);
    expect(events[0]?.getCommitPosition()).toBe(events[0]?.getLink()?.getCommitPosition());
  });

  it.each(['no link', '@', 'x@stream', '1@'])('that cannot be read is a plain event: %j', async (data) => {
    const [event] = await resolved(await links(data));
    expect([event?.hasEvent(), event?.hasLink()]).toEqual([true, false]);
  });

  it('is found in $all by its own stream', async () => {
    const to = await target();
    const stream = await links(`0@${to}`);
    const options = filtered(allRead().setResolveLinks(true), { on: 'stream', prefixes: [stream] });
    const { events } = await read(node.raw, options);
    expect(events.map((event) => nameOf(event.getEvent()))).toEqual([to]);
  });
});
