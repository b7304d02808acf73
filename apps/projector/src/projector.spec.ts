import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { defineEvent, EventCatalogue, type Fact, FactCodec } from '#event-sourcing';
import { metadataOf } from '#event-sourcing/testing/metadata.js';
import { type EventStore, EventStoreError } from '#event-store';
import { openEmbeddedEventStore } from '#event-store/embedded/index.js';
import type { OpsStore } from '#ops-store';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { until } from '#platform/testing/until.js';
import { defineCollection, type Projection, type ReadStore } from '#read-store';
import { EmbeddedReadStore } from '#read-store/embedded/index.js';
import { ProjectedReadModels, ProjectionBoard } from '#read-store/runner/index.js';
import { Projector, type ProjectorCompanion, type ProjectorOptions } from './projector.js';

interface Note {
  text: string;
  changes: number;
}

const catalogue = new EventCatalogue([
  defineEvent<{ text: string }>()({
    type: 'note_written',
    version: 1,
    layer: 'record',
    meaning: 'A note was written.',
    structure: {},
  }),
]);

const notes = defineCollection<Note>({ name: 'notes', fields: { text: 'text' }, indexes: [['text']] });

const noteProjection: Projection<Fact> = {
  name: 'notes',
  version: 1,
  types: ['note_written'],
  collections: [notes],
  onPoison: 'quarantine_stream',
  touches: ({ stream }) => [{ collection: notes, id: stream }],
  apply: ({ stream, data }, documents) => {
    const { text } = data as { text: string };
    if (text === 'unbearable') throw new Error('cannot bear it');
    documents.put(notes, stream, { text, changes: (documents.get(notes, stream)?.changes ?? 0) + 1 });
  },
};

describe('the projector', () => {
  let log: EventStore;
  let ops: OpsStore;
  let store: ReadStore;
  let codec: FactCodec;
  let board: ProjectionBoard;
  let models: ProjectedReadModels;
  let acknowledged: bigint;
  let troubles: string[];
  let running: Projector[];

  beforeEach(async () => {
    log = await openEmbeddedEventStore({ memory: true });
    ops = await EmbeddedOpsStore.open({ secret: 'a secret of specs, long enough to be one' });
    store = await EmbeddedReadStore.open({ directory: ':memory:' });
    codec = new FactCodec(ops);
    board = new ProjectionBoard();
    acknowledged = 0n;
    troubles = [];
    running = [];
    models = new ProjectedReadModels(store, board, {
      projections: [noteProjection],
      acknowledged: () => acknowledged,
    });
  });

  afterEach(async () => {
    for (const projector of running) await projector.stop();
    await log.close();
    await ops.close();
    await store.close();
  });

  const projector = (
    options: Partial<ProjectorOptions> = {},
    projections: readonly Projection<Fact>[] = [noteProjection],
    companions: readonly ProjectorCompanion[] = [],
  ) => {
    const trouble = (what: string, error: Error) => void troubles.push(`${what}: ${error.message}`);
    const parts = { log, codec, store, board, leases: ops.leases, projections, companions, trouble };
    const one = new Projector(parts, { holder: 'spec', leaseMs: 60, ...options });
    running.push(one);
    one.start();
    return one;
  };

  const write = async (id: string, ...texts: string[]) => {
    const stream = `session-org.${id}`;
    const { lastRevision } = await log.readStream(stream, { limit: 1 });
    const events = texts.map((text) => ({ id: v7(), type: 'note_written', data: { text } }));
    const encoded = await codec.encode(catalogue, stream, events, () => metadataOf());
    acknowledged = (await log.append(stream, lastRevision ?? 'no_stream', encoded)).position;
  };

  const all = () => models.find(notes, { sort: [['_id', 'asc']], limit: 100 });

  it('brings what was written before and after its start to the readers who wait for it', async () => {
    await write('1', 'before');
    projector();
    expect(await all()).toEqual([{ _id: 'session-org.1', text: 'before', changes: 1 }]);
    await write('2', 'after');
    await write('1', 'later');
    expect(await all()).toEqual([
      { _id: 'session-org.1', text: 'later', changes: 2 },
      { _id: 'session-org.2', text: 'after', changes: 1 },
    ]);
  });

  it('waits out a log that is away just when a build has caught up', async () => {
    await write('1', 'a');
    const opened = log;
    let refusals = 2;
    const away: Pick<EventStore, 'head'> = {
      head: async () => {
        const [build] = await store.builds();
        if (build?.state !== 'live' || refusals === 0) return opened.head();
        refusals -= 1;
        throw new EventStoreError('unavailable', 'No node answers.');
      },
    };
    log = Object.assign(Object.create(opened) as EventStore, away);
    projector();
    await until(async () => refusals === 0);
    expect(await all()).toMatchObject([{ text: 'a' }]);
    expect(troubles).toContain('projection notes: No node answers.');
    expect(await store.builds()).toMatchObject([{ state: 'live', stoppedReason: null }]);
  });

  it('says where every projection is', async () => {
    const one = projector();
    await write('1', 'a', 'b', 'unbearable');
    await all();
    const head = await log.head();
    expect(await one.status()).toEqual({
      active: true,
      built: true,
      head,
      projections: [
        {
          name: 'notes',
          version: 1,
          build: 1,
          state: 'live',
          reason: null,
          position: head,
          head,
          behind: 0n,
          quarantined: [{ stream: 'session-org.1', position: head, reason: 'cannot bear it' }],
          progress: 1,
        },
      ],
    });
    expect(await all()).toEqual([{ _id: 'session-org.1', _stale: true, text: 'b', changes: 2 }]);
  });

  it('goes on after a stop where it was', async () => {
    const first = projector();
    await write('1', 'a', 'b');
    await all();
    await first.stop();
    expect(await store.builds()).toMatchObject([{ state: 'live', checkpoint: await log.head() }]);
    await write('1', 'c');
    projector();
    expect(await all()).toEqual([{ _id: 'session-org.1', text: 'c', changes: 3 }]);
  });

  it('rebuilds beside the live build, to the same bytes, and drops the old one after a while', async () => {
    const one = projector({ keepRetiredMs: 30 });
    for (let round = 0; round < 5; round += 1) await write(`${round % 2}`, `round ${round}`);
    const before = JSON.stringify(await all());
    expect(await one.rebuild(['notes'])).toMatchObject([{ build: 2, state: 'building' }]);
    expect(await one.rebuild(['notes'])).toMatchObject([{ build: 2 }]);
    await until(async () => (await store.builds()).length === 1);
    expect(await store.builds()).toMatchObject([{ build: 2, state: 'live' }]);
    expect(JSON.stringify(await all())).toBe(before);
    await write('0', 'and on');
    expect(await all()).toMatchObject([{ text: 'and on' }, {}]);
    expect((await one.status()).projections).toMatchObject([{ build: 2, behind: 0n }]);
  });

  it('does not hold back a live projection for one that is building or broken', async () => {
    await write('1', 'a');
    const before = projector();
    await all();
    await before.stop();
    const broken: Projection<Fact> = {
      ...noteProjection,
      name: 'broken',
      collections: [{ ...notes, name: 'broken_notes' }],
      onPoison: 'stop',
      touches: () => {
        throw new Error('wrong from the start');
      },
    };
    const one = projector({}, [noteProjection, broken]);
    await write('1', 'b');
    expect(await all()).toMatchObject([{ text: 'b' }]);
    await until(async () => (await one.status()).projections.some(({ state }) => state === 'stopped'));
    expect((await one.status()).projections).toMatchObject([
      { name: 'notes', state: 'live' },
      { name: 'broken', state: 'stopped', reason: expect.stringContaining('wrong from the start'), position: 0n },
    ]);
  });

  it('marks an event that cannot be opened, and goes on', async () => {
    projector();
    await write('1', 'fine');
    await write('2', 'fine');
    const stream = 'session-org.1';
    const bytes = Buffer.from('{"sealed":"nonsense"}');
    const event = {
      id: v7(),
      type: 'note_written',
      contentType: 'application/json' as const,
      metadata: Buffer.from('{}'),
    };
    acknowledged = (await log.append(stream, 0n, [{ ...event, data: bytes }])).position;
    await write('2', 'still fine');
    expect(await all()).toEqual([
      { _id: stream, _stale: true, text: 'fine', changes: 1 },
      { _id: 'session-org.2', text: 'still fine', changes: 2 },
    ]);
  });

  it('passes by what no projection wants, without opening it', async () => {
    projector();
    await write('1', 'fine');
    const event = {
      id: v7(),
      type: 'note_read',
      contentType: 'application/json' as const,
      metadata: Buffer.from('{}'),
    };
    const sealed = Buffer.from('{"sealed":"nonsense"}');
    acknowledged = (await log.append('session-org.1', 0n, [{ ...event, data: sealed }])).position;
    expect(await all()).toEqual([{ _id: 'session-org.1', text: 'fine', changes: 1 }]);
  });

  it('keeps a second projector waiting until the first lets go', async () => {
    // A lease that outlasts whatever holds its renewal up.
    const first = projector({ holder: 'first', leaseMs: 10_000 });
    await write('1', 'a');
    await all();
    const second = projector({ holder: 'second' });
    await sleep(50);
    expect((await second.status()).active).toBe(false);
    await first.stop();
    await until(async () => (await second.status()).active);
    await write('1', 'b');
    expect(await all()).toMatchObject([{ text: 'b', changes: 2 }]);
  });

  describe('in two processes on the same stores', () => {
    /** The second process reads through a board of its own, and acknowledges its own writes. */
    const other = (
      holder: string,
      leaseMs = 10_000,
      projections: readonly Projection<Fact>[] = [noteProjection],
      companions: readonly ProjectorCompanion[] = [],
    ) => {
      const own = board;
      board = new ProjectionBoard();
      const one = projector({ holder, leaseMs, publishMs: 5, keepRetiredMs: 100 }, projections, companions);
      const reading = new ProjectedReadModels(store, board, {
        projections,
        acknowledged: () => acknowledged,
        waitMs: 10_000,
      });
      board = own;
      return { one, all: () => reading.find(notes, { sort: [['_id', 'asc']], limit: 100 }) };
    };
    const idle = async () => {
      const stream = 'session-org.9';
      const { lastRevision } = await log.readStream(stream, { limit: 1 });
      const probe = { id: v7(), type: 'note_read', contentType: 'application/json' as const };
      const event = { ...probe, data: Buffer.from('{}'), metadata: Buffer.from('{}') };
      acknowledged = (await log.append(stream, lastRevision ?? 'no_stream', [event])).position;
    };

    it('lets each read its own writes, while one of them projects', async () => {
      const first = other('first');
      await until(async () => (await first.one.status()).active);
      const second = other('second');
      await write('1', 'a');
      expect(await second.all()).toMatchObject([{ text: 'a', changes: 1 }]);
      await idle();
      expect(await second.all()).toMatchObject([{ text: 'a', changes: 1 }]);
      await write('1', 'b');
      expect(await first.all()).toMatchObject([{ text: 'b', changes: 2 }]);
      const head = await log.head();
      expect(await second.one.status()).toMatchObject({
        active: false,
        built: true,
        projections: [{ position: head }],
      });
    });

    it('rebuilds in the one that projects what the other is asked for', async () => {
      const first = other('first', 300);
      await until(async () => (await first.one.status()).active);
      const second = other('second', 300);
      await write('1', 'a');
      const before = await second.all();
      expect(await second.one.rebuild(['notes'])).toMatchObject([{ build: 2, state: 'building' }]);
      await until(async () => (await store.builds()).some(({ build, state }) => build === 2 && state === 'live'));
      expect(await second.all()).toEqual(before);
      expect(await first.all()).toEqual(before);
      expect((await second.one.status()).active).toBe(false);
    });

    it('goes on in the second when the first has stopped, for both', async () => {
      const first = other('first');
      await until(async () => (await first.one.status()).active);
      const second = other('second');
      await write('1', 'a');
      await second.all();
      await first.one.stop();
      await write('1', 'b');
      expect(await second.all()).toMatchObject([{ text: 'b', changes: 2 }]);
      expect((await second.one.status()).active).toBe(true);
      const third = other('third');
      expect(await third.all()).toMatchObject([{ text: 'b', changes: 2 }]);
    });

    it('follows the other when it has lost the lease', async () => {
      const first = other('first', 60);
      await until(async () => (await first.one.status()).active);
      // Its own lease alone, so that it goes to whoever asks first: the second asks often.
      const { acquire } = ops.leases;
      ops.leases.acquire = (name, holder, ttlMs) =>
        holder === 'first' ? Promise.resolve(false) : acquire.call(ops.leases, name, holder, ttlMs);
      const second = other('second');
      await until(async () => (await second.one.status()).active);
      await until(async () => !(await first.one.status()).active);
      await write('1', 'a');
      expect(await first.all()).toMatchObject([{ text: 'a', changes: 1 }]);
    });

    it('is built in none while nobody has projected', async () => {
      const { acquire } = ops.leases;
      ops.leases.acquire = async () => false;
      const { one } = other('first');
      expect(await one.status()).toMatchObject({ active: false, built: false, projections: [] });
      ops.leases.acquire = acquire;
    });

    const shouting: Projection<Fact> = {
      ...noteProjection,
      version: 2,
      apply: ({ stream, data }, documents) => {
        const { text } = data as { text: string };
        documents.put(notes, stream, { text: text.toUpperCase(), changes: 0 });
      },
    };

    it('builds a new version beside the old one, which its own process goes on with', async () => {
      const old = other('old');
      await until(async () => (await old.one.status()).active);
      await write('1', 'a');
      await old.all();
      const next = other('next', 10_000, [shouting]);
      await until(async () => (await next.one.status()).built);
      await write('1', 'b');
      expect(await old.all()).toEqual([{ _id: 'session-org.1', text: 'b', changes: 2 }]);
      expect(await next.all()).toEqual([{ _id: 'session-org.1', text: 'B', changes: 0 }]);
      // Longer than what was replaced is kept: as long as it is brought on it stays.
      for (let round = 0; round < 5; round += 1) {
        await write('2', `round ${round}`);
        expect(await old.all()).toContainEqual(expect.objectContaining({ text: `round ${round}` }));
        await sleep(50);
      }
      await old.one.stop();
      await until(async () => {
        await write('2', 'nobody brings the old one on');
        return (await store.builds()).length === 1;
      });
      expect(await store.builds()).toMatchObject([{ version: 2, state: 'live' }]);
      expect(await next.all()).toContainEqual(expect.objectContaining({ text: 'NOBODY BRINGS THE OLD ONE ON' }));
    });

    it('runs companions in one process, whatever its version, and in the next when that has stopped', async () => {
      const running = new Set<string>();
      const companion = (name: string): ProjectorCompanion => ({
        start: () => void running.add(name),
        stop: async () => void running.delete(name),
      });
      const old = other('old', 300, [noteProjection], [companion('old')]);
      await until(async () => running.size > 0);
      const next = other('next', 300, [shouting], [companion('next')]);
      await until(async () => (await next.one.status()).built);
      expect([...running]).toEqual(['old']);
      await old.one.stop();
      await until(async () => running.size > 0);
      expect([...running]).toEqual(['next']);
    });

    it('begins again with a build that somebody dropped under its hands', async () => {
      const one = other('one', 60);
      await write('1', 'a');
      await one.all();
      await store.drop({ name: 'notes', version: 1, build: 1 });
      await write('1', 'b');
      await until(async () => {
        const [note] = await one.all().catch(() => []);
        return note?.text === 'b';
      });
      expect(troubles).toContainEqual(expect.stringContaining('projection notes'));
    });
  });

  it('builds anew what was made from a longer log than the one it finds, as after a restore', async () => {
    await write('1', 'a', 'b', 'c');
    const before = projector();
    await all();
    await before.stop();
    await log.close();
    log = await openEmbeddedEventStore({ memory: true });
    board.forget({ name: noteProjection.name, version: 1, build: 1 });
    await write('2', 'after the restore');
    projector();
    expect(await all()).toMatchObject([{ _id: 'session-org.2', text: 'after the restore' }]);
    expect(troubles).toEqual([expect.stringContaining('longer log')]);
  });

  it('starts its companions with the lease and stops them with it', async () => {
    const calls: string[] = [];
    const companion: ProjectorCompanion = {
      start: () => void calls.push('start'),
      stop: async () => void calls.push('stop'),
    };
    const one = projector({}, [noteProjection], [companion]);
    await until(async () => calls.length > 0);
    expect(calls).toEqual(['start']);
    await one.stop();
    expect(calls).toEqual(['start', 'stop']);
  });
});
