import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Expected } from '../log/node-log.js';
import { append, failureOf, type Proposed, read, revisions, streamRead } from './testing/raw.js';
import { aStream, TestNode } from './testing/test-node.js';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node[Symbol.asyncDispose]());

const some = (count: number): Proposed[] => Array.from({ length: count }, () => ({ id: randomUUID() }));
const sent = (stream: string, expected: Expected | undefined, events: readonly Proposed[]) =>
  append(node.raw, stream, expected, events);

async function written(stream: string, expected: Expected, events: readonly Proposed[]) {
  const success = (await sent(stream, expected, events)).getSuccess();
  if (!success) throw new Error('The append was refused.');
  return {
    revision: success.hasCurrentRevision() ? Number(success.getCurrentRevision()) : undefined,
    commit: success.getPosition()?.getCommitPosition(),
    prepare: success.getPosition()?.getPreparePosition(),
  };
}

const countOf = async (stream: string): Promise<number> => (await read(node.raw, streamRead(stream))).events.length;

async function refused(stream: string, expected: Expected, events: readonly Proposed[] = some(1)) {
  const wrong = (await sent(stream, expected, events)).getWrongExpectedVersion();
  if (!wrong) throw new Error('The append was not refused.');
  return wrong.toObject();
}

describe('Append', () => {
  it('answers the revision and the position of the last event, commit and prepare alike', async () => {
    const stream = aStream();
    const first = await written(stream, 'no_stream', some(2));
    expect(first).toMatchObject({ revision: 1, commit: first.prepare });
    const second = await written(stream, 1n, some(3));
    expect(second.revision).toBe(4);
    const { events } = await read(node.raw, streamRead(stream, 4n));
    expect(events[0]?.getCommitPosition()).toBe(second.commit);
  });

  it('gives each event of a write a position of its own', async () => {
    const stream = aStream();
    await written(stream, 'no_stream', some(3));
    const { events } = await read(node.raw, streamRead(stream));
    expect(new Set(events.map((event) => event.getCommitPosition())).size).toBe(3);
  });

  it.each([
    ['a revision ahead of the stream', 5n, { expectedRevision: '5', expectedRevision2060: 5 }],
    ['no stream', 'no_stream', { expectedNoStream: {} }],
  ] as const)('tells in new fields and old where a stream is that was expected at %s', async (_, expected, fields) => {
    const stream = aStream();
    await written(stream, 'no_stream', some(2));
    expect(await refused(stream, expected)).toMatchObject({
      ...fields,
      currentRevision: '1',
      currentRevision2060: 1,
      currentNoStream: undefined,
    });
  });

  it.each([
    [0n, { expectedRevision: '0' }],
    ['stream_exists', { expectedStreamExists: {}, streamExists2060: {} }],
  ] as const)('tells that there is no stream where %s was expected', async (expected, fields) => {
    expect(await refused(aStream(), expected)).toMatchObject({
      ...fields,
      currentNoStream: {},
      noStream2060: {},
    });
  });

  it('writes -1 into the old field for no stream, as an unsigned number', async () => {
    const stream = aStream();
    await written(stream, 'no_stream', some(1));
    expect((await refused(stream, 'no_stream')).expectedRevision2060).toBe(2 ** 64);
  });

  it('takes an append without events: it answers where the stream is and writes nothing', async () => {
    const stream = aStream();
    expect((await written(stream, 'any', [])).revision).toBeUndefined();
    await written(stream, 'no_stream', some(2));
    for (const expected of [1n, 'any', 'stream_exists'] as const)
      expect((await written(stream, expected, [])).revision).toBe(1);
    expect(await countOf(stream)).toBe(2);
  });

  it('takes any bytes as data, also where JSON was announced', async () => {
    const stream = aStream();
    await written(stream, 'no_stream', [{ data: '{not json' }, { data: Buffer.from([0, 255, 1]) }]);
    const { events } = await read(node.raw, streamRead(stream));
    expect(events.map((event) => Buffer.from(event.getEvent()!.getData_asU8()).toString('latin1'))).toEqual([
      '{not json',
      '\0\xff\x01',
    ]);
  });

  it('reads other content types back as octet-stream, drops keys it does not know, and tells when it was written', async () => {
    const stream = aStream();
    const before = BigInt(Date.now()) * 10_000n;
    await written(stream, 'no_stream', [{ contentType: 'text/plain', more: { color: 'red' } }, {}]);
    const [other, json] = (await read(node.raw, streamRead(stream))).events.map(
      (event) => new Map(event.getEvent()!.getMetadataMap().toArray()),
    );
    expect([...other!.keys()].sort()).toEqual(['content-type', 'created', 'type']);
    expect(other!.get('content-type')).toBe('application/octet-stream');
    expect(json!.get('content-type')).toBe('application/json');
    const created = BigInt(json!.get('created') ?? 0);
    expect(created >= before && created <= BigInt(Date.now()) * 10_000n).toBe(true);
  });

  it.each(['$all', '$ce-x', '$streams', 'x'.repeat(2_000), 'mit Umlauten – und 🎲'])('writes to %s', async (stream) => {
    await written(stream, 'any', some(1));
    expect((await read(node.raw, streamRead(stream))).events[0]?.getEvent()?.getStreamIdentifier()).toBeDefined();
  });

  it('knows no stream without a name', async () => {
    expect(await failureOf(sent('', 'any', some(1)))).toEqual({
      code: 2,
      details: 'Exception was thrown by handler.',
      trailers: {},
    });
  });

  it('refuses more than 1,048,576 bytes of types, data and metadata', async () => {
    const stream = aStream();
    const tooLarge = {
      code: 3,
      details: 'Maximum Append Size of 1048576 Exceeded.',
      trailers: { exception: 'maximum-append-size-exceeded', 'maximum-append-size': '1048576' },
    };
    const size = 1_048_576 - 'thing'.length;
    expect(await failureOf(sent(stream, 'any', [{ data: Buffer.alloc(size + 1) }]))).toEqual(tooLarge);
    const halves = [Buffer.alloc(600_000), Buffer.alloc(600_000)].map((data) => ({ data }));
    expect(await failureOf(sent(stream, 'any', halves))).toEqual(tooLarge);
    expect((await written(stream, 'no_stream', [{ data: Buffer.alloc(size) }])).revision).toBe(0);
  });

  it.each([
    ['type', { type: undefined }],
    ['content-type', { contentType: undefined }],
  ])('names the %s that is missing', async (property, event) => {
    expect(await failureOf(sent(aStream(), 'any', [event]))).toEqual({
      code: 3,
      details: `Required Metadata Property '${property}' is missing`,
      trailers: {
        exception: 'missing-required-metadata-property',
        'required-metadata-properties': 'type,content-type',
      },
    });
  });

  it('wants to be told what to expect', async () => {
    expect(await failureOf(sent(aStream(), undefined, some(1)))).toEqual({
      code: 3,
      details:
        "'None' is not a valid EventStore.Client.Streams.AppendReq+Types+Options+ExpectedStreamRevisionOneofCase",
      trailers: {},
    });
  });

  it('lets one of twenty writers begin a stream', async () => {
    const stream = aStream();
    const answers = await Promise.all(Array.from({ length: 20 }, () => sent(stream, 'no_stream', some(1))));
    expect(answers.filter((answer) => answer.hasSuccess())).toHaveLength(1);
    expect(await countOf(stream)).toBe(1);
  });
});

describe('an append that is asked again', () => {
  it.each(['no_stream', 'any'] as const)('with %s answers as the first time and writes nothing', async (expected) => {
    const stream = aStream();
    const events = some(2);
    const first = await written(stream, 'no_stream', events);
    await written(stream, 1n, some(1));
    expect(await written(stream, expected, events)).toEqual(first);
    expect(await countOf(stream)).toBe(3);
  });

  it('with the revision it named then answers as the first time', async () => {
    const stream = aStream();
    await written(stream, 'no_stream', some(1));
    const events = some(2);
    const first = await written(stream, 0n, events);
    await written(stream, 'any', some(1));
    expect(await written(stream, 0n, events)).toEqual(first);
    expect(await countOf(stream)).toBe(4);
  });

  it('with the next revision is another event', async () => {
    const stream = aStream();
    const events = some(1);
    await written(stream, 'no_stream', events);
    expect((await written(stream, 0n, events)).revision).toBe(1);
    expect(await countOf(stream)).toBe(2);
  });

  it.each(['no_stream', 'any'] as const)('in part is refused with %s', async (expected) => {
    const stream = aStream();
    const events = some(1);
    await written(stream, 'no_stream', events);
    expect(await refused(stream, expected, [...events, ...some(1)])).toMatchObject({ currentRevision: '0' });
    expect(revisions(await read(node.raw, streamRead(stream)))).toEqual([0n]);
  });

  it('is another event in another stream', async () => {
    const events = some(1);
    for (const stream of [aStream(), aStream()]) expect((await written(stream, 'any', events)).revision).toBe(0);
  });
});
