import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GroupState, type HandOut, type Parking, type SavedState } from './group-state.js';

const RULES = { ackTimeoutMs: 100, maxRetries: 3 };

/** Positions as in a log: growing, with holes. */
const body = (position: number): string => `event ${position}`;

type Step =
  | { readonly do: 'feed'; readonly count: number; readonly gap: number }
  | { readonly do: 'take'; readonly consumer: number }
  | { readonly do: 'ack' | 'park'; readonly which: number }
  | { readonly do: 'retry'; readonly which: number; readonly pause: number }
  | { readonly do: 'elapse'; readonly ms: number }
  | { readonly do: 'leave'; readonly consumer: number }
  | { readonly do: 'save' | 'crash' | 'replay' | 'write fails' };

const which = fc.nat(20);
const consumer = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('feed' as const), count: fc.nat(5), gap: fc.integer({ min: 1, max: 3 }) }),
  { weight: 4, arbitrary: fc.record({ do: fc.constant('take' as const), consumer }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ack' as const), which }) },
  fc.record({ do: fc.constant('park' as const), which }),
  fc.record({ do: fc.constant('retry' as const), which, pause: fc.nat(150) }),
  fc.record({ do: fc.constant('elapse' as const), ms: fc.nat(120) }),
  fc.record({ do: fc.constant('leave' as const), consumer }),
  fc.record({ do: fc.constantFrom('save' as const, 'crash' as const, 'replay' as const, 'write fails' as const) }),
);

/** A group with a log, a file and a crash now and then around it, and all that may be said of it at any time. */
class House {
  readonly written: number[] = [];
  readonly acknowledged = new Set<number>();
  readonly parked = new Map<number, Parking>();
  private outstanding: HandOut<string>[] = [];
  private state = new GroupState<string>({ frontier: 0, open: [] }, RULES);
  private file: SavedState = this.state.saved();
  /** Acknowledged since the file was written: a crash may bring these back. */
  private unsaved = new Set<number>();
  private now = 1_000;
  private head = 0;
  private writeFails = false;

  run(one: Step): void {
    switch (one.do) {
      case 'feed':
        this.feed(one.count, one.gap);
        break;
      case 'take':
        this.take(one.consumer);
        break;
      case 'ack':
        this.answer(one.which, ({ position, lease }) => {
          if (this.state.ack(position, lease)) this.done(position);
        });
        break;
      case 'park':
        this.answer(one.which, ({ position, lease }) => this.park([this.state.park(position, lease, 'told')]));
        break;
      case 'retry':
        this.answer(one.which, ({ position, lease }) =>
          this.park([this.state.retry(position, lease, this.now + one.pause, 'again')]),
        );
        break;
      case 'elapse':
        this.now += one.ms;
        this.park(this.state.elapse(this.now));
        break;
      case 'leave':
        this.park(this.state.release(one.consumer, 'left'));
        break;
      case 'save':
        this.save();
        break;
      case 'crash':
        this.crash();
        break;
      case 'replay':
        this.replay();
        break;
      case 'write fails':
        this.writeFails = true;
        break;
    }
  }

  check(): void {
    const open = this.written.filter((position) => !this.acknowledged.has(position) && !this.parked.has(position));
    expect(open.filter((position) => position <= this.state.place)).toEqual([]);
  }

  /** Everything can still be brought to an end. */
  drain(): void {
    this.feed(0, 1);
    for (let round = 0; this.acknowledged.size + this.parked.size < this.written.length; round += 1) {
      expect(round).toBeLessThan(1_000);
      this.run({ do: 'elapse', ms: 200 });
      this.take(9);
      for (const { position, lease } of this.outstanding) if (this.state.ack(position, lease)) this.done(position);
    }
    expect(this.state.place).toBe(this.head);
    expect(this.state.saved().open).toEqual([]);
  }

  private feed(count: number, gap: number): void {
    for (let index = 0; index < count; index += 1) {
      this.head += gap;
      this.written.push(this.head);
    }
    this.head += gap - 1;
    const fresh = this.written.filter((position) => position > this.state.fed);
    this.state.feed(
      fresh.map((position) => ({ position, body: body(position) })),
      this.head,
    );
  }

  private take(consumerId: number): void {
    for (const position of this.state.toRead(2)) this.state.found(position, body(position));
    const handOut = this.state.take(consumerId, this.now);
    if (!handOut) return;
    const { position } = handOut;
    expect(handOut.body).toBe(body(position));
    expect(this.acknowledged.has(position)).toBe(false);
    expect(this.parked.has(position)).toBe(false);
    expect(handOut.retries).toBeLessThanOrEqual(RULES.maxRetries);
    this.outstanding.push(handOut);
  }

  /** Also stale ones: nobody keeps a consumer from answering twice, or from answering after a crash. */
  private answer(index: number, how: (handOut: HandOut<string>) => void): void {
    const handOut = this.outstanding[index % Math.max(1, this.outstanding.length)];
    if (handOut) how(handOut);
  }

  private done(position: number): void {
    this.acknowledged.add(position);
    this.unsaved.add(position);
  }

  private park(parkings: readonly (Parking | undefined)[]): void {
    const wanted = parkings.filter((parking) => parking !== undefined);
    if (wanted.length === 0) return;
    if (this.writeFails) {
      this.writeFails = false;
      for (const { position } of wanted) this.state.notParked(position, this.now + 10);
      return;
    }
    for (const parking of wanted) this.parked.set(parking.position, parking);
    this.save(wanted);
    for (const { position } of wanted) this.state.parked(position);
  }

  private save(parkings: readonly Parking[] = []): void {
    this.file = this.state.saved(parkings);
    this.unsaved.clear();
  }

  private crash(): void {
    for (const position of this.unsaved) this.acknowledged.delete(position);
    this.unsaved.clear();
    this.outstanding = [];
    this.state = new GroupState(structuredClone(this.file), RULES);
    this.feed(0, 1);
  }

  private replay(): void {
    const positions = [...this.parked.keys()];
    this.state.replay(positions);
    this.save();
    this.parked.clear();
    for (const position of positions) this.state.wanted(position);
  }
}

describe('the state of a consumer group', () => {
  it('loses nothing, hands out nothing that is done, and says it is done only up to the first that is not', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const house = new House();
        house.run({ do: 'feed', count: 5, gap: 2 });
        for (const one of steps) {
          house.run(one);
          house.check();
        }
        house.drain();
      }),
      { numRuns: 400 },
    );
  });

  const fed = (positions: readonly number[], saved: SavedState = { frontier: 0, open: [] }): GroupState<string> => {
    const state = new GroupState<string>(saved, RULES);
    state.feed(
      positions.map((position) => ({ position, body: body(position) })),
      positions.at(-1) ?? 0,
    );
    return state;
  };

  it('goes on after a crash with what was open alone, however far others were acknowledged', () => {
    const state = fed([1, 2, 3, 4]);
    const [first, ...others] = [1, 2, 3].map(() => state.take(1, 0)!);
    for (const { position, lease } of others) state.ack(position, lease);
    expect(state.saved()).toEqual({ frontier: 3, open: [{ position: first!.position, handedOut: 1, dueAt: null }] });
    expect(state.place).toBe(0);
    state.ack(first!.position, first!.lease);
    expect(state.saved()).toEqual({ frontier: 3, open: [] });
    expect(state.place).toBe(3);
  });

  it('parks what was handed out too often before crashes, instead of letting it kill the next consumer', () => {
    const state = new GroupState<string>({ frontier: 7, open: [{ position: 5, handedOut: 4, dueAt: null }] }, RULES);
    expect(state.elapse(0)).toEqual([{ position: 5, retries: 3, reason: expect.stringMatching(/Not answered/) }]);
    expect(state.toRead(10)).toEqual([]);
  });

  it('keeps a held event back until it is due, also over a crash', () => {
    const state = fed([1]);
    const { position, lease } = state.take(1, 1_000)!;
    state.retry(position, lease, 1_500, 'later');
    const again = new GroupState<string>(state.saved(), RULES);
    for (const each of [state, again]) {
      expect(each.nextDue).toBe(1_500);
      each.elapse(1_499);
      expect(each.toRead(10)).toEqual([]);
      each.elapse(1_500);
      expect(each.toRead(10)).toEqual([1]);
    }
  });

  it('frees the room of a consumer whose deliveries timed out', () => {
    const state = fed([1, 2]);
    state.take(1, 0);
    state.take(1, 50);
    expect(state.heldBy(1)).toBe(2);
    state.elapse(100);
    expect(state.heldBy(1)).toBe(1);
    state.elapse(150);
    expect(state.heldBy(1)).toBe(0);
  });

  it('forgets what waits of a deleted stream, and what was to be read of one', () => {
    const state = fed([1, 2, 3]);
    const { position, lease } = state.take(1, 0)!;
    state.retry(position, lease, 0, 'again');
    state.elapse(0);
    state.forget((text) => text === body(2));
    expect(state.toRead(10)).toEqual([1]);
    state.gone(1);
    const rest = state.take(1, 0)!;
    expect(rest.position).toBe(3);
    expect(state.take(1, 0)).toBeUndefined();
    state.ack(rest.position, rest.lease);
    expect(state.saved()).toEqual({ frontier: 3, open: [] });
  });
});
