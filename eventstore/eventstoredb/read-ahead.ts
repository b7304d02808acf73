import type { LogPage } from '../port/index.js';

/** Read at a time: a call costs client and server as much as some fifty events do. */
const STRETCH = 2_048;

type Read = (after: bigint, limit: number) => Promise<LogPage>;

interface Stretch {
  readonly after: bigint;
  readonly page: Promise<LogPage>;
}

/**
 * What one catching-up subscriber reads, in longer stretches than it takes, the next of which is on its way while it works on
 * this one: so client and server are both busy. At most two stretches are held, each no larger than a page may be.
 */
export class ReadAhead {
  private current: LogPage & { readonly taken: number; readonly after: bigint } = NOTHING;
  private coming: Stretch | undefined;

  constructor(
    private readonly read: Read,
    /** As far as is heard by now: a stretch may have been read a while ago. */
    private readonly isDeleted: (stream: string) => boolean,
  ) {}

  /** @throws EventStoreError | AbortError what the read of this stretch threw; the next call asks anew */
  async page(after: bigint, limit: number): Promise<LogPage> {
    if (this.current.after !== after) await this.advance(after, limit);
    const { events, scannedTo, atEnd, taken } = this.current;
    const page = events.slice(taken, taken + limit);
    const isWhole = taken + limit >= events.length;
    const reached = isWhole ? scannedTo : page.at(-1)!.position;
    this.current = isWhole ? NOTHING : { ...this.current, taken: taken + limit, after: reached };
    const shown = page.filter(({ stream }) => !this.isDeleted(stream));
    return { events: shown, scannedTo: reached, atEnd: isWhole && atEnd };
  }

  private async advance(after: bigint, limit: number): Promise<void> {
    const stretch = this.coming?.after === after ? this.coming : this.start(after, limit);
    this.coming = undefined;
    const found = await stretch.page;
    this.current = { ...found, after, taken: 0 };
    if (!found.atEnd) this.coming = this.start(found.scannedTo, limit);
  }

  private start(after: bigint, limit: number): Stretch {
    const page = this.read(after, Math.max(limit, STRETCH));
    // Until it is asked for nobody listens.
    page.catch(() => undefined);
    return { after, page };
  }
}

const NOTHING = { events: [], scannedTo: 0n, atEnd: false, taken: 0, after: -1n } as const;
