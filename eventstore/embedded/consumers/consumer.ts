import type { GroupDelivery } from '../../port/index.js';

type Result = IteratorResult<GroupDelivery, undefined>;

/** Where a consumer's deliveries come from. */
export interface Source {
  /** Undefined when nothing is ready or this consumer has no room. */
  deliver(consumer: Consumer): GroupDelivery | undefined;
  /** It waits: `serve` it when something is ready. */
  hungry(consumer: Consumer): void;
  left(consumer: Consumer): void;
}

const OVER: Result = { value: undefined, done: true };

/** One iteration over a group's deliveries: the next is given out when it is asked for. */
export class Consumer implements AsyncIterator<GroupDelivery, undefined> {
  private readonly asked: ((result: Result) => void)[] = [];
  private isOver = false;

  constructor(
    readonly id: number,
    readonly buffer: number,
    private readonly source: Source,
    private readonly signal: AbortSignal | undefined,
  ) {
    signal?.addEventListener('abort', this.leave);
  }

  next(): Promise<Result> {
    if (this.isOver) return Promise.resolve(OVER);
    const value = this.asked.length === 0 ? this.source.deliver(this) : undefined;
    if (value) return Promise.resolve({ value, done: false });
    return new Promise((resolve) => {
      this.asked.push(resolve);
      this.source.hungry(this);
    });
  }

  /** Answers whether it still waits. */
  serve(): boolean {
    while (this.asked.length > 0) {
      const value = this.source.deliver(this);
      if (!value) return true;
      this.asked.shift()!({ value, done: false });
    }
    return false;
  }

  async return(): Promise<Result> {
    this.leave();
    return OVER;
  }

  readonly leave = (): void => {
    if (this.isOver) return;
    this.isOver = true;
    this.signal?.removeEventListener('abort', this.leave);
    for (const resolve of this.asked.splice(0)) resolve(OVER);
    this.source.left(this);
  };
}
