/** A consumer as a strategy sees it. */
export interface Seat {
  readonly id: number;
  readonly hasRoom: boolean;
}

/** Who gets the next message. */
export interface Strategy {
  /** `pin`: what messages that belong together have in common. Undefined: nobody now. */
  choose(seats: readonly Seat[], pin: string): Seat | undefined;
  /** When nobody can take this message, somebody may still take a later one. */
  readonly looksFurther: boolean;
  left(id: number): void;
}

export const STRATEGIES = ['DispatchToSingle', 'RoundRobin', 'Pinned', 'PinnedByCorrelation'] as const;
export type StrategyName = (typeof STRATEGIES)[number];

export const strategyOf = (name: StrategyName): Strategy =>
  name === 'DispatchToSingle' ? new DispatchToSingle() : name === 'RoundRobin' ? new RoundRobin() : new Pinned();

/** The first that has room, in the order they came. */
class DispatchToSingle implements Strategy {
  readonly looksFurther = false;

  choose(seats: readonly Seat[]): Seat | undefined {
    return seats.find(({ hasRoom }) => hasRoom);
  }

  left(): void {}
}

class RoundRobin implements Strategy {
  readonly looksFurther = false;
  private next = 0;

  choose(seats: readonly Seat[]): Seat | undefined {
    for (let step = 0; step < seats.length; step += 1) {
      const index = (this.next + step) % seats.length;
      const seat = seats[index]!;
      if (!seat.hasRoom) continue;
      this.next = index + 1;
      return seat;
    }
    return undefined;
  }

  left(): void {}
}

const BUCKETS = 1_024;

/** What has the same pin goes to the same consumer while it is there, room or not. */
class Pinned implements Strategy {
  readonly looksFurther = true;
  private readonly owners = new Map<number, number>();

  choose(seats: readonly Seat[], pin: string): Seat | undefined {
    const bucket = hash(pin) % BUCKETS;
    const owner = seats.find(({ id }) => id === this.owners.get(bucket)) ?? this.leastLoaded(seats);
    if (!owner) return undefined;
    this.owners.set(bucket, owner.id);
    return owner.hasRoom ? owner : undefined;
  }

  left(gone: number): void {
    for (const [bucket, id] of this.owners) if (id === gone) this.owners.delete(bucket);
  }

  private leastLoaded(seats: readonly Seat[]): Seat | undefined {
    const load = new Map(seats.map(({ id }) => [id, 0]));
    for (const id of this.owners.values()) load.set(id, (load.get(id) ?? 0) + 1);
    return seats.toSorted((a, b) => (load.get(a.id) ?? 0) - (load.get(b.id) ?? 0))[0];
  }
}

/** FNV-1a: spreads names that differ in their last character. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}
