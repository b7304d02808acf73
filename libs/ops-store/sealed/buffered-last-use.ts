import { LRUCache } from 'lru-cache';
import type { LastUse } from '#ops-store';
import type { LastUseRecords } from './records.js';

const WRITE_EVERY_MS = 60_000;
const REMEMBERED = 10_000;

interface Seen {
  latest: number;
  written: number;
}

/** The newest moment stands in memory; the database hears of it once a minute. */
export class BufferedLastUse implements LastUse {
  private readonly seen = new LRUCache<string, Seen>({ max: REMEMBERED });

  constructor(private readonly records: LastUseRecords) {}

  touch(id: string, at: number): void {
    const seen = this.seen.get(id) ?? { latest: at, written: Number.NEGATIVE_INFINITY };
    seen.latest = Math.max(seen.latest, at);
    this.seen.set(id, seen);
    if (at - seen.written < WRITE_EVERY_MS) return;
    seen.written = at;
    // Nobody waits for it and nothing depends on it; a store in trouble is heard of by those who do.
    this.records.saveLastUse(id, at).catch(() => {});
  }

  async find(ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const found = new Map(await this.records.findLastUse(ids));
    for (const id of ids) {
      const seen = this.seen.get(id);
      if (seen && seen.latest > (found.get(id) ?? Number.NEGATIVE_INFINITY)) found.set(id, seen.latest);
    }
    return found;
  }

  /** What the database has not heard of yet. */
  async flush(): Promise<void> {
    const late = [...this.seen.entries()].filter(([, { latest, written }]) => latest > written);
    await Promise.all(late.map(([id, { latest }]) => this.records.saveLastUse(id, latest)));
  }
}
