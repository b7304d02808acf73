import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { CommandContext, FactCodec, LogAggregateStore, PolicyRunner } from '#event-sourcing';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { derivedId, SystemClock } from '#platform';
import { until } from '#platform/testing/until.js';
import { Projector } from '#projector';
import { EmbeddedReadStore } from '#read-store/embedded/index.js';
import { ProjectedReadModels, ProjectionBoard } from '#read-store/runner/index.js';
import { book, ledgerProjection, ledgers, mirroring, mirrorOf, type Order, streamOf } from './ledger.js';
import { STORM, World } from './world.js';

const LEDGERS = ['a', 'b', 'c'];
const ORDERS = 12;

describe('the house through a bad network, while the server of its log is killed', () => {
  it('books, mirrors and shows every order once, though two processes are asked for each', async () => {
    await using world = await World.make('the house');
    const clock = new SystemClock();
    const ops = await EmbeddedOpsStore.open({ secret: 'a secret of specs, long enough to be one' });
    const readStore = await EmbeddedReadStore.open({ directory: ':memory:' });
    const codec = new FactCodec(ops);
    const logs = [await world.client(), await world.client()];
    const [here, there] = logs.map((log) => new LogAggregateStore(log, codec, clock)) as [
      LogAggregateStore,
      LogAggregateStore,
    ];
    const [policyLog, projectorLog] = logs as [(typeof logs)[0], (typeof logs)[0]];
    const policies = new PolicyRunner([mirroring(here)], {
      log: policyLog,
      codec,
      checkpoints: ops.checkpoints,
      clock,
      attempts: 1_000,
      firstPauseMs: 20,
    });
    const board = new ProjectionBoard();
    const projector = new Projector(
      {
        log: projectorLog,
        codec,
        store: readStore,
        board,
        leases: ops.leases,
        projections: [ledgerProjection],
        companions: [],
        trouble: () => undefined,
      },
      { holder: 'faults' },
    );
    policies.start();
    projector.start();

    world.proxy.weather = STORM;
    const orders: Order[] = LEDGERS.flatMap((ledger) =>
      Array.from({ length: ORDERS }, (_, at) => ({ ledger, order: `${ledger}-${at}`, amount: at + 1 })),
    );
    const contextOf =
      ({ order }: Order) =>
      (): CommandContext =>
        new CommandContext({ kind: 'system', id: 'spec', via: 'system' }, derivedId('order', order), clock.now());
    // Of each order both processes hear, as from a caller who was not answered by the first.
    const ask = async (store: LogAggregateStore): Promise<void> => {
      await Promise.all(
        LEDGERS.map(async (name) => {
          for (const order of orders.filter(({ ledger }) => ledger === name))
            await book(store, order, contextOf(order));
        }),
      );
    };
    const killing = (async () => {
      for (let round = 0; round < 2; round += 1) {
        await sleep(100 + world.random() * 200);
        await world.node.kill();
        await world.node.restart();
      }
    })();
    await Promise.all([ask(here), ask(there), killing]);
    world.proxy.calm();

    const sum = (ORDERS * (ORDERS + 1)) / 2;
    const witness = await world.witness();
    for (const name of LEDGERS) {
      const facts = await codec.decodeAll((await witness.readStream(streamOf(name), { limit: 1_000 })).events);
      const booked = facts.map(({ data }) => (data as { order: string }).order);
      const wanted = orders.flatMap(({ ledger, order }) => (ledger === name ? order : []));
      expect(booked).toHaveLength(ORDERS);
      expect(new Set(booked)).toEqual(new Set(wanted));
      await until(
        async () => (await witness.readStream(mirrorOf(name), { limit: 1_000 })).events.length >= ORDERS,
        20_000,
      );
    }
    const acknowledged = await witness.head();
    const models = new ProjectedReadModels(readStore, board, {
      projections: [ledgerProjection],
      acknowledged: () => acknowledged,
    });
    const shown = await models.find(ledgers, { sort: [['_id', 'asc']], limit: 100 });
    const names = LEDGERS.flatMap((name) => [streamOf(name), mirrorOf(name)]);
    expect(shown).toHaveLength(names.length);
    for (const _id of names) expect(shown).toContainEqual({ _id, sum, bookings: ORDERS });
    expect(policies.status()).toMatchObject([{ state: 'running' }]);

    await policies.stop();
    await projector.stop();
    await ops.close();
    await readStore.close();
  });
});
