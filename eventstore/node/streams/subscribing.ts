import { randomUUID } from 'node:crypto';
import { isEventStoreError } from '../../port/index.js';
import { streamDeleted } from '../errors.js';
import type { NodeLog } from '../log/node-log.js';
import { CAUGHT_UP, encodeCheckpoint, encodeConfirmation } from './read-encoding.js';
import type { AllSubscription, From, StreamSubscription } from './read-requests.js';
import type { EventSender } from './reading.js';

const PAGE = 512;
const TOMBSTONE_TYPE = '$streamDeleted';

/**
 * Catch-up, then live, for as long as the caller listens. Live events are read from the log like the others, so a
 * subscriber that is slow is never cut off: it is served as fast as it takes them.
 */
export interface Follower {
  readonly log: NodeLog;
  readonly sender: EventSender;
  /** Aborts when the caller has gone, or its rights have. */
  readonly signal: AbortSignal;
}

const isOver = ({ log, signal }: Follower): boolean => signal.aborted || log.isClosed;

/** From here on inclusive; a subscription begins after what its caller has seen. */
const next = (from: bigint | 'start'): bigint => (from === 'start' ? 0n : from + 1n);

export async function followStream(follower: Follower, request: StreamSubscription): Promise<void> {
  const { log, sender, signal } = follower;
  const { stream } = request;
  let seen = log.head();
  let from = await startOf(log, stream, request.from);
  await sender.message(encodeConfirmation(randomUUID()));
  const watch = log.watch(stream, signal);
  let isLive = false;
  while (!isOver(follower)) {
    watch.rearm();
    const head = log.head();
    const page = await log
      .readStream(stream, { direction: 'forwards', from, limit: PAGE })
      .catch(async (error: unknown) => {
        if (!isEventStoreError(error, 'stream_deleted')) throw error;
        await sendTombstone(follower, stream, seen);
        throw streamDeleted(stream);
      });
    await sender.send(page.events);
    const last = page.events.at(-1);
    if (last) from = last.revision + 1n;
    if (page.next !== null) {
      from = page.next;
      continue;
    }
    seen = head;
    if (!isLive && page.lastRevision !== null) {
      isLive = true;
      await sender.message(CAUGHT_UP);
    }
    await watch.touched();
  }
}

async function startOf(log: NodeLog, stream: string, from: From): Promise<bigint> {
  // Also finds out about a deleted stream before anything is confirmed.
  const { lastRevision } = await log.readStream(stream, { direction: 'backwards', from: 'end', limit: 1 });
  if (from === 'end') return lastRevision === null ? 0n : lastRevision + 1n;
  return next(from);
}

/** The last thing a live subscriber sees of a stream that was deleted. */
async function sendTombstone({ log, sender }: Follower, stream: string, after: bigint): Promise<void> {
  let from = after + 1n;
  for (;;) {
    const filter = { on: 'stream', prefixes: [stream] } as const;
    const page = await log.readAll({ direction: 'forwards', from, limit: PAGE, filter });
    const record = page.events.find((event) => event.stream === stream && event.type === TOMBSTONE_TYPE);
    if (record) await sender.send([record]);
    if (record || page.atEnd) return;
    from = page.next;
  }
}

export async function followAll(
  follower: Follower,
  request: AllSubscription,
  within: readonly string[] | undefined,
): Promise<void> {
  const { log, sender, signal } = follower;
  const head = log.head();
  const after = request.from === 'end' ? head : request.from === 'start' ? 0n : request.from;
  // A position that is not yet: the log has been put back, and everything from now on is new.
  let from = next(after > head ? head : after);
  await sender.message(encodeConfirmation(randomUUID()));
  const checkpoints = request.filtered && new Checkpoints(sender, from - 1n, request.filtered.checkpointEvery);
  await checkpoints?.first();
  let isLive = false;
  while (!isOver(follower)) {
    const page = await log.readAll({
      direction: 'forwards',
      from,
      limit: PAGE,
      filter: request.filtered?.filter,
      within,
    });
    if (checkpoints) {
      for (const event of page.events) {
        await checkpoints.before(event.position);
        await sender.send([event]);
      }
      await checkpoints.before(page.next);
    } else await sender.send(page.events);
    from = page.next;
    if (!page.atEnd) continue;
    if (!isLive) {
      isLive = true;
      await sender.message(CAUGHT_UP);
    }
    await log.beyond(from - 1n, signal);
  }
}

/** Tells a filtered subscriber every so many records how far it is, or it would begin again from its last event. */
class Checkpoints {
  constructor(
    private readonly sender: EventSender,
    private last: bigint,
    private readonly every: number,
  ) {}

  async first(): Promise<void> {
    await this.sender.message(encodeCheckpoint(this.last));
  }

  /** Everything before this position was sent. Where several are due at once, the newest says it all. */
  async before(position: bigint): Promise<void> {
    const every = BigInt(this.every);
    const due = (position - 1n - this.last) / every;
    if (due <= 0n) return;
    this.last += due * every;
    await this.sender.message(encodeCheckpoint(this.last));
  }
}
