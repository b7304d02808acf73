import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import type { Delivery } from '#ops-store';
import { Machine, type Outcome } from '../testing/machine.js';
import { TRIED_FOR_MS } from './retries.js';

const WEBHOOKS = 2;
const SESSIONS = 3;

type Step =
  | { readonly kind: 'happen'; readonly webhook: number; readonly session: number }
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('happen' as const),
      webhook: fc.nat(WEBHOOKS - 1),
      session: fc.nat(SESSIONS - 1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 0, max: 600 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restart' as const }) },
);
const outcomes = fc.array(fc.constantFrom<Outcome>('taken', 'taken', 'refused', 'broken', 'died'), {
  minLength: 1,
  maxLength: 40,
});

const lanesOf = (deliveries: readonly Delivery[]): readonly (readonly Delivery[])[] =>
  [...Map.groupBy(deliveries, ({ queue }) => queue!.lane).values()].map((lane) =>
    lane.toSorted((a, b) => (a.queue!.place < b.queue!.place ? -1 : 1)),
  );

describe('the delivery machine', () => {
  let machine: Machine;

  beforeAll(async () => {
    machine = await Machine.open(WEBHOOKS, SESSIONS);
    // That a process died is what the script wants.
    Logger.overrideLogger(false);
  });
  afterAll(() => machine.close());

  /** Every step, then a day on which everything is taken: what still waits, arrives. */
  const live = async (steps: readonly Step[], planned: readonly Outcome[]): Promise<readonly Delivery[]> => {
    let turn = 0;
    const ids: string[] = [];
    machine.arrivals = [];
    machine.outcomeOf = () => planned[turn++ % planned.length]!;
    for (const one of steps) {
      if (one.kind === 'restart') machine.restart();
      if (one.kind === 'wait') machine.room.clock.advance(one.minutes * 60_000);
      if (one.kind === 'happen') ids.push(await machine.happen(one.webhook, one.session));
      await machine.run();
    }
    machine.outcomeOf = () => 'taken';
    machine.room.clock.advance(TRIED_FOR_MS);
    await machine.run();
    const deliveries = await machine.deliveries(ids);
    expect(deliveries).toHaveLength(ids.length);
    return deliveries;
  };

  it('keeps each session’s order at each webhook, loses nothing and gives up only after a day, whatever fails or dies', async () => {
    const property = fc.asyncProperty(fc.array(step, { maxLength: 30 }), outcomes, async (steps, planned) => {
      const deliveries = await live(steps, planned);
      expect(deliveries.filter(({ state }) => state === 'pending')).toEqual([]);
      for (const lane of lanesOf(deliveries)) checkOrder(lane);
      for (const delivery of deliveries) checkEnd(delivery);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  const checkOrder = (lane: readonly Delivery[]): void => {
    const places = new Map(lane.map(({ id }, index) => [id, index]));
    const arrived = machine.arrivals.filter(({ messageId }) => places.has(messageId));
    // A message is first tried when the one before it has come to its end: nobody overtakes, and nobody is tried again after.
    const order = arrived.map(({ messageId }) => places.get(messageId)!);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  };

  const checkEnd = ({ id, state, createdAt, attempts, sentAt }: Delivery): void => {
    const tries = machine.arrivals.filter(({ messageId }) => messageId === id);
    expect(tries).toHaveLength(attempts);
    const last = tries.at(-1)!;
    if (state === 'sent') expect([last.outcome, last.at]).toEqual(['taken', sentAt]);
    else {
      expect(['refused', 'broken']).toContain(last.outcome);
      expect(last.at).toBeGreaterThanOrEqual(createdAt + TRIED_FOR_MS);
    }
    // Once taken and noted, never again.
    expect(tries.slice(0, -1).some(({ outcome }) => outcome === 'taken')).toBe(false);
  };

  it('ends what it can never send as failed, listed with its reason, and goes on with what comes after', async () => {
    machine.outcomeOf = ({ headers }) => (headers['webhook-id'] === poison ? 'broken' : 'taken');
    const poison = await machine.happen(0, 2);
    const after = await machine.happen(0, 2);
    await machine.run();
    machine.room.clock.advance(TRIED_FOR_MS);
    await machine.run();
    expect(await machine.deliveries([poison, after])).toMatchObject([
      { state: 'failed', lastError: 'internal error', attempts: 2 },
      { state: 'sent', attempts: 1 },
    ]);
  });

  it('counts nothing against a message while a store is away, and sends it soon after', async () => {
    let isAway = true;
    machine.outcomeOf = () => (isAway ? 'away' : 'taken');
    const id = await machine.happen(0, 0);
    for (let tries = 0; tries < 20; tries += 1) {
      await machine.run();
      machine.room.clock.advance(60_000);
    }
    expect(await machine.deliveries([id])).toMatchObject([{ state: 'pending', attempts: 0, lastError: null }]);
    isAway = false;
    await machine.run();
    expect(await machine.deliveries([id])).toMatchObject([{ state: 'sent', attempts: 1 }]);
  });

  it('lets a session that fails hold back itself alone', async () => {
    const [failing, fine] = machine.sessionIds;
    machine.outcomeOf = ({ body }) => (body.includes(failing!) ? 'refused' : 'taken');
    const ids: string[] = [];
    for (let round = 0; round < 30; round += 1) ids.push(await machine.happen(0, 0), await machine.happen(0, 1));
    await machine.run();
    const states = Map.groupBy(await machine.deliveries(ids), ({ refs }) => refs['sessionId']);
    expect(states.get(fine)!.every(({ state }) => state === 'sent')).toBe(true);
    const held = states.get(failing)!;
    expect(held.every(({ state }) => state === 'pending')).toBe(true);
    expect(held.filter(({ attempts }) => attempts > 0)).toHaveLength(1);
  });
});
