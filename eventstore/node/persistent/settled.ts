/** An event the group is not done with, and the place before it. */
export interface Entry {
  readonly before: bigint | undefined;
}

/**
 * Which place of the log a group is done with: work ends out of order, and the place moves over the contiguous prefix only.
 * Holds what is not done, however far the others went on.
 */
export class Settled {
  private readonly open = new Set<Entry>();
  private since = 0;

  /** `seen`: where the group goes on after; undefined: nowhere yet. */
  constructor(private seen: bigint | undefined) {}

  /** Everything up to here is done; undefined when nothing is. */
  get place(): bigint | undefined {
    const { value: first } = this.open.values().next();
    return first ? first.before : this.seen;
  }

  /** How many events were done since `countAnew`. */
  get count(): number {
    return this.since;
  }

  countAnew(): void {
    this.since = 0;
  }

  /** Places come in the log's order. */
  begin(place: bigint): Entry {
    const entry = { before: this.seen };
    this.open.add(entry);
    this.seen = place;
    return entry;
  }

  /** Looked at, nothing to do there. */
  skip(place: bigint): void {
    this.seen = place;
  }

  done(entry: Entry): void {
    if (this.open.delete(entry)) this.since += 1;
  }
}
