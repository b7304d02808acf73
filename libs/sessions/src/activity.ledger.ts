import type { ActivityTypeName } from './activity.types.js';

/** Grown in place by whoever holds its newest length; readers look at their own prefix only. */
interface Tail {
  /** Caller's id (or stored id) to ordinal. */
  readonly ordinals: Map<string, number>;
  /** Ordinal to revision; ascending. */
  readonly revisions: number[];
  /** Per type, the ordinals that have it; ascending. */
  readonly byType: Map<string, number[]>;
}

export interface LedgerEntry {
  readonly id: string;
  readonly type: string;
  readonly revision: number;
}

/**
 * Which activities a session has: known ids, and where each stands in the stream. A value: `append` answers a new ledger
 * and leaves this one as it was. Appending to the newest one costs the same however long it is, because both share one
 * tail; appending to an older one (a second branch) copies first.
 */
export class ActivityLedger {
  static readonly empty = new ActivityLedger(0, { ordinals: new Map(), revisions: [], byType: new Map() });

  private constructor(
    readonly length: number,
    private readonly tail: Tail,
  ) {}

  has(id: string): boolean {
    return this.ordinalOf(id) !== undefined;
  }

  /** Its place among the activities, from 0. */
  ordinalOf(id: string): number | undefined {
    const ordinal = this.tail.ordinals.get(id);
    return ordinal !== undefined && ordinal < this.length ? ordinal : undefined;
  }

  append(entry: LedgerEntry): ActivityLedger {
    const tail = this.ownTail();
    // An id seen twice keeps its first place: nobody appends it, but a fold must not depend on that.
    if (!tail.ordinals.has(entry.id)) tail.ordinals.set(entry.id, this.length);
    tail.revisions.push(entry.revision);
    const ofType = tail.byType.get(entry.type);
    if (ofType) ofType.push(this.length);
    else tail.byType.set(entry.type, [this.length]);
    return new ActivityLedger(this.length + 1, tail);
  }

  /** How many activities there are, of one type or of all. */
  count(type?: ActivityTypeName): number {
    if (type === undefined) return this.length;
    return countBelow(this.tail.byType.get(type) ?? [], this.length);
  }

  /** Seqs of a page of activities in stream order, of one type or of all. */
  revisions(offset: number, limit: number, type?: ActivityTypeName): number[] {
    if (type === undefined) return this.tail.revisions.slice(offset, Math.min(offset + limit, this.length));
    const ordinals = this.tail.byType.get(type) ?? [];
    const end = Math.min(offset + limit, countBelow(ordinals, this.length));
    return ordinals.slice(offset, end).map((ordinal) => this.tail.revisions[ordinal]!);
  }

  /** Seq of the activity with this ordinal. */
  revisionAt(ordinal: number): number | undefined {
    return ordinal < this.length ? this.tail.revisions[ordinal] : undefined;
  }

  /** How many activities stand at or before this seq: the ordinal to go on from after it. */
  countThrough(revision: number): number {
    return Math.min(this.length, countBelow(this.tail.revisions, revision + 1));
  }

  /** Rough bytes in memory. */
  get size(): number {
    return 200 + this.length * 120;
  }

  toJSON(): readonly LedgerEntry[] {
    const entries = new Array<LedgerEntry>(this.length);
    const types = new Array<string>(this.length).fill('');
    for (const [type, ordinals] of this.tail.byType)
      for (const ordinal of ordinals) if (ordinal < this.length) types[ordinal] = type;
    for (const [id, ordinal] of this.tail.ordinals)
      if (ordinal < this.length)
        entries[ordinal] = { id, type: types[ordinal]!, revision: this.tail.revisions[ordinal]! };
    return entries;
  }

  private ownTail(): Tail {
    if (this.length === 0) return { ordinals: new Map(), revisions: [], byType: new Map() };
    if (this.tail.revisions.length === this.length) return this.tail;
    const byType = new Map<string, number[]>();
    for (const [type, ordinals] of this.tail.byType) {
      const kept = ordinals.slice(0, countBelow(ordinals, this.length));
      if (kept.length > 0) byType.set(type, kept);
    }
    return {
      ordinals: new Map([...this.tail.ordinals].filter(([, ordinal]) => ordinal < this.length)),
      revisions: this.tail.revisions.slice(0, this.length),
      byType,
    };
  }
}

/** How many of these ascending numbers are below `limit`. */
const countBelow = (ascending: readonly number[], limit: number): number => {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
};
