import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type EventStore, EventStoreError } from '#event-store';
import { openEmbeddedEventStore } from '#event-store/embedded/index.js';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { derivedId, SettableClock, VerbatimError } from '#platform';
import { until } from '#platform/testing/until.js';
import { ReadStoreError } from '#read-store';
import { defineEvent, EventCatalogue } from './catalogue.js';
import { FactCodec } from './codec.js';
import type { CommandContext } from './context.js';
import type { Fact } from './facts.js';
import type { Policy } from './policy.js';
import type { PolicyTrouble } from './policy-run.js';
import { PolicyRunner } from './policy-runner.js';
import { metadataOf } from './testing/metadata.js';

const define = (type: string) =>
  defineEvent<{ n: number }>()({ type, version: 1, layer: 'record', meaning: 'For specs.', structure: {} });
const catalogue = new EventCatalogue([define('asked'), define('ignored')]);
const metadata = metadataOf();

describe('the runner of policies', () => {
  let log: EventStore;
  let ops: EmbeddedOpsStore;
  let codec: FactCodec;
  let runners: PolicyRunner[] = [];
  let troubles: PolicyTrouble[] = [];

  beforeEach(async () => {
    log = await openEmbeddedEventStore({ memory: true });
    ops = await EmbeddedOpsStore.open({ secret: 'a secret for specs, as long as secrets must be' });
    codec = new FactCodec(ops);
    runners = [];
    troubles = [];
  });
  afterEach(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    await Promise.all([log.close(), ops.close()]);
  });

  /** Each event in a stream of its own. */
  const happen = async (type: 'asked' | 'ignored', ...numbers: number[]): Promise<bigint> => {
    let position = 0n;
    for (const n of numbers) {
      const stream = `thing-org.${randomUUID()}`;
      const events = await codec.encode(catalogue, stream, [{ id: randomUUID(), type, data: { n } }], () => metadata);
      ({ position } = await log.append(stream, 'no_stream', events));
    }
    return position;
  };
  const policy = (
    name: string,
    react: (n: number, fact: Fact, context: CommandContext) => void | Promise<void>,
  ): Policy => ({
    name,
    types: ['asked'],
    react: async (fact, context) => react((fact.data as { n: number }).n, fact, context),
  });
  const run = (...policies: Policy[]): PolicyRunner => {
    const clock = new SettableClock();
    const report = (trouble: PolicyTrouble): void => void troubles.push(trouble);
    const parts = { log, codec, checkpoints: ops.checkpoints, clock, report, attempts: 3, firstPauseMs: 5 };
    const runner = new PolicyRunner(policies, parts);
    runners.push(runner);
    runner.start();
    return runner;
  };

  it('reacts to what was there and what comes, in order, to its types alone, contents opened', async () => {
    const seen: number[] = [];
    await happen('asked', 1, 2);
    run(policy('p', (n) => void seen.push(n)));
    await happen('ignored', 3);
    await happen('asked', 4, 5);
    await until(() => seen.length >= 4);
    expect(seen).toEqual([1, 2, 4, 5]);
  });

  it('gives a context that follows from the policy and the event', async () => {
    const given: [Fact, CommandContext][] = [];
    run(policy('p', (_, fact, context) => void given.push([fact, context])));
    await happen('asked', 1);
    await until(() => given.length === 1);
    const [fact, context] = given[0]!;
    expect(context).toMatchObject({
      actor: { kind: 'system', id: 'p', via: 'system' },
      commandId: derivedId('policy', 'p', fact.id),
      correlationId: metadata.correlationId,
      causationId: fact.id,
      receivedAt: Date.parse('2026-01-01T00:00:00.000Z'),
    });
  });

  it('goes on where it was after a stop, by the checkpoint kept', async () => {
    const seen: number[] = [];
    const first = run(policy('p', (n) => void seen.push(n)));
    const position = await happen('asked', 1, 2);
    await until(() => seen.length === 2);
    await first.stop();
    expect(await ops.checkpoints.load('p')).toBe(position);
    await happen('asked', 3);
    run(policy('p', (n) => void seen.push(n)));
    await until(() => seen.length === 3);
    expect(seen).toEqual([1, 2, 3]);
  });

  it('moves its checkpoint over what is none of its types', async () => {
    const runner = run(policy('p', () => {}));
    const position = await happen('ignored', 1, 2, 3);
    await until(() => runner.status()[0]?.position === position);
    await runner.stop();
    expect(await ops.checkpoints.load('p')).toBe(position);
  });

  it('finishes the reaction under way before it has stopped, and reacts to no more', async () => {
    const seen: string[] = [];
    await happen('asked', 1, 2);
    const runner = run(
      policy('p', async (n) => {
        seen.push(`begun ${n}`);
        await wait(50);
        seen.push(`done ${n}`);
      }),
    );
    await until(() => seen.length > 0);
    await Promise.all([runner.stop(), runner.stop()]);
    expect(seen).toEqual(['begun 1', 'done 1']);
    expect(runner.status()).toMatchObject([{ name: 'p', state: 'idle' }]);
  });

  it('tries a failing event again before the next one', async () => {
    const seen: number[] = [];
    await happen('asked', 1, 2);
    run(
      policy('p', (n) => {
        seen.push(n);
        if (seen.length < 3) throw new Error('not yet');
      }),
    );
    await until(() => seen.includes(2));
    expect(seen).toEqual([1, 1, 1, 2]);
    expect(troubles.map(({ attempt, stopped }) => [attempt, stopped])).toEqual([
      [1, false],
      [2, false],
    ]);
  });

  it('stops visibly at an event that keeps failing, holds up no other policy, and tries it first when started again', async () => {
    const others: number[] = [];
    let broken = true;
    const fixed: number[] = [];
    const runner = run(
      policy('fragile', (n) => {
        if (broken && n === 2) throw new Error('cannot do 2');
        fixed.push(n);
      }),
      policy('sturdy', (n) => void others.push(n)),
    );
    await happen('asked', 1, 2, 3);
    await until(() => runner.status()[0]?.state === 'stopped' && others.length === 3);
    expect(runner.status()).toMatchObject([
      { state: 'stopped', error: 'cannot do 2' },
      { state: 'running', error: null },
    ]);
    expect(troubles.at(-1)).toMatchObject({ policy: 'fragile', attempt: 3, stopped: true, event: { type: 'asked' } });
    await runner.stop();
    expect(fixed).toEqual([1]);
    broken = false;
    runner.start();
    await until(() => fixed.length === 3);
    expect(fixed).toEqual([1, 2, 3]);
  });

  it.each([
    new VerbatimError('storage_unavailable', 'No room.'),
    new EventStoreError('unavailable', 'No room.'),
    new ReadStoreError('unavailable', 'No room.'),
  ])('does not stop for a store that is away: it goes on when that is back (%p)', async (trouble) => {
    let failures = 0;
    const seen: number[] = [];
    const runner = run(
      policy('p', (n) => {
        failures += 1;
        if (failures <= 5) throw trouble;
        seen.push(n);
      }),
    );
    await happen('asked', 1);
    await until(() => runner.status()[0]?.state === 'retrying');
    await until(() => seen.length === 1);
    expect(troubles.some(({ stopped }) => stopped)).toBe(false);
  });

  it('refuses a checkpoint beyond the end of the log, before it passes over what comes', async () => {
    const position = await happen('asked', 1);
    const runner = run(policy('p', () => {}));
    await runner.stop();
    await ops.checkpoints.save('p', position);
    await runner.refuseForeignCheckpoints();
    await ops.checkpoints.save('p', position + 1n);
    await expect(runner.refuseForeignCheckpoints()).rejects.toMatchObject({ code: 'storage_unavailable' });
  });

  it('refuses two policies with one name', () => {
    expect(() =>
      run(
        policy('p', () => {}),
        policy('p', () => {}),
      ),
    ).toThrow('one name');
  });
});
