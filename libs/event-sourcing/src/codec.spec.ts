import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventData, RecordedEvent } from '#event-store';
import type { OpsStore } from '#ops-store';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { defineEvent, EventCatalogue } from './catalogue.js';
import { FactCodec, MAX_EVENT_BYTES, type PlainEvent } from './codec.js';
import { anyJson } from './testing/any-json.js';
import { metadataOf } from './testing/metadata.js';

const noted = defineEvent<object>()({
  type: 'noted',
  version: 1,
  layer: 'record',
  meaning: 'For specs.',
  structure: { count: 'number', kind: 'word', task: 'open', 'body.exitCode': 'number' },
});
const catalogue = new EventCatalogue([noted]);

const metadata = metadataOf();

const newStream = (): string => `session-org.${randomUUID()}`;
const event = (data: object): PlainEvent => ({ id: randomUUID(), type: 'noted', data });
const recorded = (stream: string, data: EventData, at = 0): RecordedEvent => ({
  ...data,
  stream,
  revision: BigInt(at),
  position: BigInt(at + 1),
});
const textOf = (stored: EventData | undefined): string => Buffer.from(stored!.data).toString();
const storedJson = (stored: EventData | undefined): Record<string, unknown> => JSON.parse(textOf(stored));

describe('the codec of facts', () => {
  let ops: OpsStore;
  let codec: FactCodec;
  beforeAll(async () => {
    ops = await EmbeddedOpsStore.open({ secret: 'a secret for specs, as long as secrets must be' });
    codec = new FactCodec(ops);
  });
  afterAll(() => ops.close());

  const encode = (stream: string, ...events: PlainEvent[]) => codec.encode(catalogue, stream, events, () => metadata);
  const roundTrip = async (stream: string, data: object): Promise<object> => {
    const [stored] = await encode(stream, event(data));
    return (await codec.decode(recorded(stream, stored!))).data;
  };

  it('leaves structure open and seals the whole beside it', async () => {
    const stream = newStream();
    const data = { count: 3, kind: 'ai_prompt', body: { exitCode: 0, text: 'canary' }, name: 'Ada' };
    const [stored] = await encode(stream, event(data));
    expect(storedJson(stored)).toEqual({
      count: 3,
      kind: 'ai_prompt',
      body: { exitCode: 0 },
      sealed: expect.any(String),
    });
    expect(textOf(stored)).not.toMatch(/canary|Ada/);
    expect(JSON.parse(Buffer.from(stored!.metadata).toString())).toEqual(metadata);
    expect(await codec.decode(recorded(stream, stored!, 7))).toEqual({
      id: stored!.id,
      type: 'noted',
      data,
      stream,
      revision: 7,
      position: 8n,
      metadata,
    });
  });

  it('seals nothing of an event that is structure alone, and needs no key for it', async () => {
    const stream = newStream();
    const [stored] = await encode(stream, event({ count: 3, kind: null }));
    expect(textOf(stored)).toBe('{"count":3,"kind":null}');
    expect(await ops.keys.find(`session:${stream.slice('session-org.'.length)}`)).toBeUndefined();
  });

  it.each([{ kind: 'Ada Lovelace' }, { count: 'Ada' }, { body: { exitCode: 'Ada' } }, { body: 'Ada' }, { Ada: 1 }])(
    'seals a text in the place of structure: %j',
    async (data) => {
      const stream = newStream();
      const [stored] = await encode(stream, event(data));
      expect(textOf(stored)).not.toContain('Ada');
      expect(await codec.decode(recorded(stream, stored!))).toMatchObject({ data });
    },
  );

  it('gives back a field that a caller called sealed', async () => {
    const data = { sealed: 'AAAA', count: 1 };
    expect(await roundTrip(newStream(), data)).toEqual(data);
  });

  it('gives back exactly any JSON there is', async () => {
    const stream = newStream();
    await fc.assert(
      fc.asyncProperty(anyJson, fc.boolean(), async (value, asWhole) => {
        const data =
          asWhole && typeof value === 'object' && value !== null ? value : { count: value, task: value, value };
        expect(isDeepStrictEqual(await roundTrip(stream, data), data)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('gives back what is nested 20,000 levels deep', async () => {
    const text = `${'['.repeat(20_000)}"end"${']'.repeat(20_000)}`;
    const { deep } = (await roundTrip(newStream(), { deep: JSON.parse(text) })) as { deep: unknown };
    let level = deep;
    let levels = 0;
    for (; Array.isArray(level); levels += 1) level = level[0];
    expect([levels, level]).toEqual([20_000, 'end']);
  });

  it('keeps contents too large for the log as an artifact and puts them back', async () => {
    const stream = newStream();
    const data = { count: 1, text: 'ä'.repeat(200_000) };
    const [stored] = await encode(stream, event(data));
    expect(stored!.data.length).toBeLessThan(1000);
    expect((await codec.decode(recorded(stream, stored!))).data).toEqual(data);
  });

  it('stores events up to the limit in the log, whatever their text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 48_000, max: 50_000 }),
        fc.constantFrom('a', 'ä', '"'),
        async (length, unit) => {
          const stream = newStream();
          const [stored] = await encode(stream, event({ text: unit.repeat(length) }));
          const bytes = stored!.data.length + stored!.metadata.length + stored!.type.length;
          expect(bytes).toBeLessThanOrEqual(MAX_EVENT_BYTES);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('takes an open text that is too large out of the log as well', async () => {
    const stream = newStream();
    const data = { count: 1, task: 't'.repeat(MAX_EVENT_BYTES) };
    const [stored] = await encode(stream, event(data));
    expect(storedJson(stored)).toEqual({ count: 1, sealed: expect.any(String) });
    expect((await codec.decode(recorded(stream, stored!))).data).toEqual(data);
  });

  it('reads a destroyed key as structure and erased, artifacts included, and writes no more under it', async () => {
    const stream = newStream();
    const subject = `session:${stream.slice('session-org.'.length)}` as const;
    const stored = await encode(
      stream,
      event({ count: 3, text: 'a' }),
      event({ text: 'a'.repeat(90_000) }),
      event({ count: 5 }),
    );
    await ops.keys.destroy(subject);
    const facts = await codec.decodeAll(stored.map((one, index) => recorded(stream, one, index)));
    expect(facts.map(({ data, erased }) => ({ data, erased }))).toEqual([
      { data: { count: 3 }, erased: true },
      { data: {}, erased: true },
      { data: { count: 5 }, erased: undefined },
    ]);
    await expect(encode(stream, event({ text: 'late' }))).rejects.toMatchObject({ code: 'not_found' });
    expect(textOf((await encode(stream, event({ count: 1 })))[0])).toBe('{"count":1}');
  });

  it('opens no ciphertext that was moved to another event or stream', async () => {
    const stream = newStream();
    const [one, two] = await encode(stream, event({ text: 'one' }), event({ text: 'two' }));
    await expect(codec.decode(recorded(stream, { ...one!, data: two!.data }))).rejects.toThrow();
    const other = newStream();
    await encode(other, event({ text: 'makes a key' }));
    await expect(codec.decode(recorded(other, one!))).rejects.toThrow();
  });

  it('does not take a lost key for a deletion', async () => {
    const stream = newStream();
    const [stored] = await encode(stream, event({ text: 'one' }));
    const stranger = await EmbeddedOpsStore.open({ secret: 'a secret for specs, as long as secrets must be' });
    await expect(new FactCodec(stranger).decode(recorded(stream, stored!))).rejects.toThrow('knows no data key');
    await stranger.close();
  });

  it('keeps an event of a type it does not know, and refuses to write one', async () => {
    const stream = newStream();
    const [stored] = await encode(stream, event({ text: 'one' }));
    expect(await codec.decode(recorded(stream, { ...stored!, type: 'from_the_future' }))).toMatchObject({
      type: 'from_the_future',
      data: { text: 'one' },
    });
    await expect(encode(stream, { ...event({}), type: 'unknown' })).rejects.toThrow('not in the catalogue');
  });

  it('decodes many streams in the order given', async () => {
    const streams = Array.from({ length: 20 }, newStream);
    const stored = await Promise.all(
      streams.map(async (stream, at) => recorded(stream, (await encode(stream, event({ at })))[0]!)),
    );
    const mixed = [...stored, ...stored.toReversed()];
    const facts = await codec.decodeAll(mixed);
    expect(facts.map(({ stream }) => stream)).toEqual(mixed.map(({ stream }) => stream));
    expect(facts.slice(0, 20).map(({ data }) => data)).toEqual(streams.map((_, at) => ({ at })));
  });

  it('hands out what stands open, without a key, of types that nobody reads whole', async () => {
    const stream = newStream();
    const [sealed, open] = await codec.encode(
      catalogue,
      stream,
      [event({ count: 7, text: 'secret', body: { exitCode: 1, more: 'x' } }), event({ count: 8 })],
      () => metadata,
    );
    const stored = [recorded(stream, sealed!), recorded(stream, open!, 1)];
    const keyless = new FactCodec({
      artifacts: ops.artifacts,
      keys: { ...ops.keys, find: () => Promise.reject(new Error('No key was asked for.')) },
    } as unknown as OpsStore);
    const facts = await keyless.decodeAll(stored, new Set(['noted']));
    expect(facts.map(({ data, erased }) => ({ data, erased }))).toEqual([
      { data: { count: 7, body: { exitCode: 1 } }, erased: undefined },
      { data: { count: 8 }, erased: undefined },
    ]);
    expect((await codec.decodeAll(stored, new Set(['other'])))[0]!.data).toMatchObject({ text: 'secret' });
  });
});
