import { EventStoreError } from '../port/index.js';
import { type Lane, LaneLost } from './lane.js';
import type { ReaderAnswer, ReaderQuestion, ReadRequest } from './messages.js';
import { thrown } from './refusal.js';
import type { PackedLogPage, PackedStreamPage } from './wire.js';

/** Small pages travel together up to this many events; a large one goes alone, so that it holds nobody up. */
const TOGETHER = 1_024;
const RETRIES = 3;

interface QueuedRead {
  readonly request: ReadRequest;
  readonly resolve: (page: PackedStreamPage | PackedLogPage) => void;
  readonly reject: (error: unknown) => void;
  /** A read changes nothing, so it is asked again when its thread died, but a read that kills threads is given up. */
  lost: number;
}

/** Spreads reads over the reader threads, the ones of one turn of the event loop in as few messages as is fair. */
export class ReadPool {
  private queue: QueuedRead[] = [];
  private scheduled: NodeJS.Immediate | undefined;
  private open = 0;
  private idle: (() => void)[] = [];

  constructor(private readonly lanes: readonly Lane<ReaderQuestion, ReaderAnswer>[]) {}

  stream(request: Extract<ReadRequest, { kind: 'stream' }>): Promise<PackedStreamPage> {
    return this.read(request) as Promise<PackedStreamPage>;
  }

  log(request: Extract<ReadRequest, { kind: 'log' }>): Promise<PackedLogPage> {
    return this.read(request) as Promise<PackedLogPage>;
  }

  async drain(): Promise<void> {
    if (this.open === 0) return;
    await new Promise<void>((resolve) => {
      this.idle.push(resolve);
    });
  }

  private read(request: ReadRequest): Promise<PackedStreamPage | PackedLogPage> {
    this.open += 1;
    return new Promise<PackedStreamPage | PackedLogPage>((resolve, reject) => {
      this.enqueue({ request, resolve, reject, lost: 0 });
    }).finally(() => {
      this.open -= 1;
      if (this.open === 0) for (const resolve of this.idle.splice(0)) resolve();
    });
  }

  private enqueue(read: QueuedRead): void {
    this.queue.push(read);
    this.scheduled ??= setImmediate(() => {
      this.scheduled = undefined;
      this.flush();
    });
  }

  private flush(): void {
    let together: QueuedRead[] = [];
    let events = 0;
    for (const read of this.queue.splice(0)) {
      if (together.length > 0 && events + read.request.limit > TOGETHER) {
        this.send(together);
        together = [];
        events = 0;
      }
      together.push(read);
      events += read.request.limit;
    }
    if (together.length > 0) this.send(together);
  }

  private send(reads: readonly QueuedRead[]): void {
    const lane = this.lanes.reduce((best, other) => (other.pending < best.pending ? other : best));
    lane.ask(reads.map(({ request }) => request)).then(
      (outcomes) => {
        for (const [index, { resolve, reject }] of reads.entries()) {
          const outcome = outcomes[index]!;
          if (outcome.refusal) reject(thrown(outcome.refusal));
          else resolve(outcome.page);
        }
      },
      (error: unknown) => {
        for (const read of reads) this.again(read, error);
      },
    );
  }

  private again(read: QueuedRead, error: unknown): void {
    if (!(error instanceof LaneLost)) read.reject(error);
    else if (read.lost === RETRIES)
      read.reject(
        new EventStoreError('unavailable', 'The reader ended with this read again and again.', {}, { cause: error }),
      );
    else {
      read.lost += 1;
      this.enqueue(read);
    }
  }
}
