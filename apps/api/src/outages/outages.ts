import { setTimeout as sleep } from 'node:timers/promises';
import { isWell, type StoreProbes } from './store-probes.js';
import { type StoreName, type StoreTrouble, troubleOf } from './store-trouble.js';

export interface WatchedStores {
  readonly probes: StoreProbes;
  /** Where each store is, without credentials. */
  readonly places: Readonly<Record<StoreName, string>>;
}

interface Trouble {
  /** Something failed since the store was last looked at. */
  isFresh: boolean;
}

const LOOK_MS = 1_000;
/** What was under way when a store went may fail only after it is back. */
const AFTERMATH_MS = 30_000;

const WORDS: Readonly<Record<StoreName, { name: string; are: string; they: string }>> = {
  eventLog: { name: 'The event log', are: 'is', they: 'It is' },
  operations: { name: 'The operational store', are: 'is', they: 'It is' },
  readModels: { name: 'The read models', are: 'are', they: 'They are' },
  consumerGroups: { name: 'The consumer groups', are: 'are', they: 'They are' },
};

/**
 * A store that goes away is met by everything that goes by it, many times over. Here that becomes one line when it went and
 * one when it is back: whatever is logged passes by `heard`, and what it has taken up is nobody else's news.
 */
export class Outages {
  private readonly troubled = new Map<StoreName, Trouble>();
  private readonly backSince = new Map<StoreName, number>();
  private readonly ending = new AbortController();
  private stores: WatchedStores | undefined;

  constructor(
    private readonly tell: (line: string) => void,
    private readonly everyMs = LOOK_MS,
  ) {}

  /** From here on; trouble of before is told by who meets it. */
  watch(stores: WatchedStores): void {
    this.stores = stores;
  }

  /** Stores that are closed are not away. */
  end(): void {
    this.ending.abort();
  }

  /** True when the error is about a store that cannot be used, and so told of here. */
  heard(error: unknown): boolean {
    const trouble = this.stores && troubleOf(error);
    if (!this.stores || !trouble) return false;
    const known = this.troubled.get(trouble.store);
    if (known) known.isFresh = true;
    else if (!this.ending.signal.aborted) void this.follow(trouble, this.stores);
    return true;
  }

  /** Until the store answers and nothing has failed since it was looked at last. Never rejects. */
  private async follow({ store, reason }: StoreTrouble, { probes, places }: WatchedStores): Promise<void> {
    const began = performance.now();
    const trouble: Trouble = { isFresh: false };
    this.troubled.set(store, trouble);
    const { name, are, they } = WORDS[store];
    const where = `${name} (${places[store]})`;
    for (let isTold = false; ; trouble.isFresh = false) {
      if (!(await this.nap())) return;
      const isBack = (await isWell(probes[store])) && !trouble.isFresh;
      if (this.ending.signal.aborted) return;
      if (isBack) {
        this.troubled.delete(store);
        if (isTold) this.tell(`${where} ${are} back after ${Math.round((performance.now() - began) / 1_000)} s.`);
        else if (!this.isAftermath(store)) this.tell(`${where} failed once, and ${are} there: ${reason}`);
        if (isTold) this.backSince.set(store, performance.now());
        return;
      }
      if (!isTold) this.tell(`${where} ${are} away: ${reason} ${they} asked again until that is over.`);
      isTold = true;
    }
  }

  private isAftermath(store: StoreName): boolean {
    return performance.now() - (this.backSince.get(store) ?? Number.NEGATIVE_INFINITY) < AFTERMATH_MS;
  }

  /** False at the end. */
  private nap(): Promise<boolean> {
    return sleep(this.everyMs, true, { signal: this.ending.signal, ref: false }).catch(() => false);
  }
}
