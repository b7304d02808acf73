/** What is due at some moment, soonest first; of the same moment, in the order it was added. */
export class Due<Item extends { readonly dueAt: number }> {
  private items: Item[] = [];

  get first(): Item | undefined {
    return this.items[0];
  }

  add(item: Item): void {
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.items[middle]!.dueAt <= item.dueAt) low = middle + 1;
      else high = middle;
    }
    this.items.splice(low, 0, item);
  }

  /** Takes the soonest out when it is due. */
  until(now: number): Item | undefined {
    return this.first !== undefined && this.first.dueAt <= now ? this.items.shift() : undefined;
  }
}
