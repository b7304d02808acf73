/**
 * A list that only grows, as a value: `append` answers a new list and leaves this one as it was. Lists that follow from each
 * other share one array, and each reads its own prefix of it; so appending to the newest costs the same however long it
 * is. Appending to an older one, a second branch, copies first.
 */
export class AppendOnly<Item> implements Iterable<Item> {
  private constructor(
    readonly length: number,
    private readonly shared: Item[],
  ) {}

  static empty<Item>(): AppendOnly<Item> {
    return new AppendOnly<Item>(0, []);
  }

  append(item: Item): AppendOnly<Item> {
    // The empty list is shared by every fold: it never lends its array, or one session would keep another's items alive.
    const newest = this.length > 0 && this.shared.length === this.length;
    const shared = newest ? this.shared : this.shared.slice(0, this.length);
    shared.push(item);
    return new AppendOnly(this.length + 1, shared);
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (let at = 0; at < this.length; at += 1) yield this.shared[at]!;
  }

  toJSON(): readonly Item[] {
    return this.shared.slice(0, this.length);
  }
}
