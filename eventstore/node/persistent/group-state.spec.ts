import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type GroupRules, GroupState } from './group-state.js';

const given = (rules: Partial<GroupRules> = {}) =>
  new GroupState<string>({ strategy: 'RoundRobin', maxRetryCount: 2, messageTimeoutMs: 1_000, ...rules }, undefined);

const offer = (state: GroupState<string>, count: number, pin = (index: number) => `stream-${index}`) => {
  for (let index = 0; index < count; index += 1)
    state.offer(BigInt(index), { id: `id-${index}`, event: `event-${index}`, pin: pin(index) });
};

const sent = (state: GroupState<string>, now = 0) =>
  state.dispatch(now).map(({ consumer, message }) => [consumer, message.event, message.retries]);

describe('a group of competing consumers', () => {
  it('gives each consumer as many unanswered messages as it takes, and then waits', () => {
    const state = given({ strategy: 'DispatchToSingle' });
    state.join(1, 5);
    state.join(2, 5);
    offer(state, 20);
    const first = sent(state);
    expect(first.map(([consumer]) => consumer)).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
    expect(sent(state)).toEqual([]);
    state.ack(2, ['id-5']);
    expect(sent(state)).toEqual([[2, 'event-10', 0]]);
  });

  it('takes turns by round robin, past who has no room', () => {
    const state = given();
    state.join(1, 2);
    state.join(2, 10);
    offer(state, 8);
    expect(sent(state).map(([consumer]) => consumer)).toEqual([1, 2, 1, 2, 2, 2, 2, 2]);
  });

  it('gives what has one pin to one consumer while it lives, room or not, and to another afterwards', () => {
    const state = given({ strategy: 'Pinned' });
    state.join(1, 2);
    state.join(2, 2);
    offer(state, 6, (index) => (index % 2 === 0 ? 'even' : 'odd'));
    const first = sent(state);
    const [even, odd] = [0, 1].map((rest) => first.filter(([, event]) => Number(`${event}`.slice(6)) % 2 === rest));
    expect(even).toHaveLength(2);
    expect(odd).toHaveLength(2);
    expect(new Set(even!.map(([consumer]) => consumer)).size).toBe(1);
    expect(new Set(odd!.map(([consumer]) => consumer)).size).toBe(1);
    expect(even![0]![0]).not.toBe(odd![0]![0]);
    const gone = Number(even![0]![0]);
    state.leave(gone);
    state.ack(Number(odd![0]![0]), ['id-1', 'id-3']);
    expect(sent(state).map(([consumer]) => consumer)).toEqual([3 - gone, 3 - gone]);
  });

  it('hands a retried message out again before what is new, and parks it when its retries are used up', () => {
    const state = given();
    state.join(1, 1);
    offer(state, 2);
    expect(sent(state)).toEqual([[1, 'event-0', 0]]);
    for (const retries of [1, 2]) {
      expect(state.nack(1, ['id-0'], 'retry', 'not now').parked).toEqual([]);
      expect(sent(state)).toEqual([[1, 'event-0', retries]]);
    }
    const { parked } = state.nack(1, ['id-0'], 'unknown', 'not now');
    expect(parked.map(({ message, reason }) => [message.event, reason])).toEqual([
      ['event-0', 'Reached retry count of 2'],
    ]);
    expect(sent(state)).toEqual([[1, 'event-1', 0]]);
  });

  it('is not past a message that is still being parked', () => {
    const state = given();
    state.join(1, 5);
    offer(state, 2);
    sent(state);
    const { parked } = state.nack(1, ['id-0'], 'park', 'no good');
    expect(parked[0]!.reason).toBe("Client explicitly NAK'ed message.\nno good");
    state.ack(1, ['id-1']);
    expect([state.settled.place, state.outstanding]).toEqual([undefined, 1]);
    state.parked(parked[0]!.message);
    expect([state.settled.place, state.outstanding]).toEqual([1n, 0]);
  });

  it('is past a message that was skipped, or whose reader asked to stop', () => {
    const state = given();
    state.join(1, 5);
    offer(state, 2);
    sent(state);
    expect(state.nack(1, ['id-0'], 'skip', '').done).toHaveLength(1);
    expect(state.nack(1, ['id-1'], 'stop', '').done).toHaveLength(1);
    expect(state.settled.place).toBe(1n);
  });

  it('hands out again what a consumer left unanswered, and what took too long', () => {
    const state = given();
    state.join(1, 1);
    state.join(2, 1);
    offer(state, 2);
    sent(state, 100);
    state.leave(1);
    state.ack(2, ['id-1']);
    expect(sent(state, 500)).toEqual([[2, 'event-0', 1]]);
    expect(state.nextDeadline).toBe(1_500);
    state.expire(1_499);
    expect(sent(state, 1_499)).toEqual([]);
    state.expire(1_500);
    expect(sent(state, 1_500)).toEqual([[2, 'event-0', 2]]);
    expect(state.expire(2_500).map(({ reason }) => reason)).toEqual(['Reached retry count of 2']);
  });

  it('ignores answers to what the consumer does not hold', () => {
    const state = given();
    state.join(1, 1);
    state.join(2, 1);
    offer(state, 2);
    sent(state);
    expect(state.ack(1, ['id-1', 'no-such-id'])).toEqual([]);
    expect(state.ack(9, ['id-1'])).toEqual([]);
    expect(state.inFlight).toBe(2);
  });

  it('counts one answer for one message when two have the same id', () => {
    const state = given();
    state.join(1, 5);
    for (const place of [0n, 1n]) state.offer(place, { id: 'same', event: `at ${place}`, pin: '' });
    sent(state);
    expect(state.ack(1, ['same'])).toHaveLength(1);
    expect([state.inFlight, state.settled.place]).toEqual([1, 0n]);
    expect(state.ack(1, ['same'])).toHaveLength(1);
    expect([state.inFlight, state.settled.place]).toEqual([0, 1n]);
  });

  it('gives replayed messages first and as if never tried; they do not move the place', () => {
    const state = given();
    state.join(1, 1);
    offer(state, 1);
    state.replay([{ id: 'parked', event: 'parked', pin: '' }]);
    expect(sent(state)).toEqual([[1, 'parked', 0]]);
    state.ack(1, ['parked']);
    expect(state.settled.place).toBeUndefined();
    expect(sent(state)).toEqual([[1, 'event-0', 0]]);
  });

  it('never loses a message, whatever its consumers do, and never passes one that is not done', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom('ack', 'retry', 'park', 'leave') as fc.Arbitrary<string>, pick: fc.nat(20) }),
      fc.record({ kind: fc.constantFrom('join', 'expire', 'offer'), pick: fc.nat(20) }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom<GroupRules['strategy'][]>('DispatchToSingle', 'RoundRobin', 'Pinned'),
        fc.array(step, { maxLength: 60 }),
        (strategy, steps) => {
          const state = given({ strategy, maxRetryCount: 1, messageTimeoutMs: 10 });
          const held = new Map<string, number>();
          const done = new Set<string>();
          let offered = 0;
          let consumers = 0;
          let now = 0;
          const park = (parkings: ReturnType<typeof state.leave>) => {
            for (const { message } of parkings) {
              held.delete(message.id);
              done.add(message.id);
              state.parked(message);
            }
          };
          for (const { kind, pick } of steps) {
            now += 3;
            const [id, consumer] = [...held][pick % (held.size || 1)] ?? ['none', 0];
            if (kind === 'offer') {
              state.offer(BigInt(offered), { id: `m${offered}`, event: '', pin: `p${offered % 3}` });
              offered += 1;
            } else if (kind === 'join') {
              consumers += 1;
              state.join(consumers, 1 + (pick % 3));
            } else if (kind === 'expire') {
              park(state.expire(now));
            } else if (kind === 'leave') park(state.leave(1 + (pick % (consumers || 1))));
            else if (kind === 'ack') {
              for (const message of state.ack(consumer, [id])) done.add(message.id);
              held.delete(id);
            } else {
              park(state.nack(consumer, [id], kind as 'retry' | 'park', '').parked);
              held.delete(id);
            }
            for (const delivery of state.dispatch(now)) {
              expect(done.has(delivery.message.id)).toBe(false);
              held.set(delivery.message.id, delivery.consumer);
            }
            const first = Array.from({ length: offered }, (_, index) => index).find((index) => !done.has(`m${index}`));
            expect(state.settled.place ?? -1n).toBe(BigInt((first ?? offered) - 1));
            expect(state.buffered + state.retrying + state.inFlight + done.size).toBe(offered);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
