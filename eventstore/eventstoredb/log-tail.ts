import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { Head } from '../common/head.js';
import type { Connection, ReadCall } from './connection.js';
import { headOf, type LogPages } from './log-pages.js';
import type { RecentEvents } from './recent-events.js';
import { isSystem, STREAM_DELETED } from './records.js';
import { connectionRefusal, failed, unavailable } from './refusals.js';
import { allSubscription } from './requests.js';
import type { Tombstones } from './tombstones.js';
import type { ReadMessage } from './wire/read-response.js';

const DOING = 'the live end of the log';
/** How often it is looked whether the log has gone on without this process hearing of it. */
const WATCH_MS = 2_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

interface TailParts {
  readonly connection: Connection;
  readonly pages: LogPages;
  readonly recent: RecentEvents;
  readonly tombstones: Tombstones;
  readonly head: Head;
  readonly report: (error: unknown) => void;
}

/**
 * This process's one subscription to `$all`, from which all its live subscribers are served: it wakes them, keeps what is
 * newest for them, and hears of deleted streams. The server cuts it whenever more than 64 events wait for this
 * process; nothing is lost by that, since it goes on at once from the last event it has seen.
 */
export class LogTail {
  /** The server has confirmed a subscription, and it has not ended. */
  isFollowing = false;
  private readonly ending = new AbortController();
  private readonly ended: Promise<void>;

  constructor(
    private readonly parts: TailParts,
    private position: bigint,
  ) {
    this.ended = this.run();
  }

  async close(): Promise<void> {
    this.ending.abort();
    await this.ended;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    let pause = FIRST_PAUSE_MS;
    let inVain = 0;
    while (!signal.aborted) {
      const before = this.position;
      const end = await this.follow().catch((error: unknown) => connectionRefusal(DOING, error));
      if (signal.aborted) return;
      inVain = this.position > before ? 0 : inVain + 1;
      if (inVain === 0) pause = FIRST_PAUSE_MS;
      if (end === 'cut' && inVain < 2) continue;
      if (end !== 'cut') this.parts.report(end);
      await sleep(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }

  /** Answers how it ended: cut for being slow, or in trouble. A server that ends it without a word is trouble too. */
  private async follow(): Promise<'cut' | Error> {
    const { connection, pages } = this.parts;
    const { signal } = this.ending;
    const call = await connection.read(allSubscription(this.position), Infinity);
    const end = new Promise<'cut' | Error>((resolve) => {
      const abort = (): void => call.cancel();
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
      const done = (how: 'cut' | Error): void => {
        this.isFollowing = false;
        signal.removeEventListener('abort', abort);
        resolve(how);
      };
      call.on('data', (message: ReadMessage) => this.take(message));
      call.on('error', (error) =>
        done(failed(error).code === status.ABORTED ? 'cut' : connectionRefusal(DOING, error)),
      );
      call.on('end', () => done(unavailable(DOING, 'the server ended the subscription')));
    });
    // Beyond its end a log is silently "live": one that was set back would never be noticed otherwise.
    const head = await pages.head(signal).catch(() => this.position);
    if (head < this.position) {
      call.cancel();
      await end;
      return unavailable(DOING, `it ends at ${head}, but ${this.position} was seen: it was set back`);
    }
    const watch = new AbortController();
    void this.watch(call, watch.signal);
    return end.finally(() => watch.abort());
  }

  /** A connection on which nothing comes any more looks like a log in which nothing happens: so the log is asked. */
  private async watch(call: ReadCall, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await sleep(WATCH_MS, undefined, { signal });
        const head = await headOf(this.parts.connection, signal, WATCH_MS);
        if (head <= this.position) continue;
        // One that is behind comes nearer; one that is cut off stands still.
        const { position } = this;
        await sleep(WATCH_MS, undefined, { signal });
        if (position === this.position && position < head) call.cancel();
      } catch {
        if (signal.aborted) return;
        call.cancel();
        await this.parts.connection.renew().catch(() => undefined);
      }
    }
  }

  private take(message: ReadMessage): void {
    this.isFollowing = true;
    const event = message.read?.event;
    if (!event || event.position <= this.position) return;
    const { recent, tombstones, head } = this.parts;
    this.position = event.position;
    if (event.type === STREAM_DELETED) tombstones.add(event.stream);
    if (isSystem(event)) recent.advance(event.position);
    else recent.add(event);
    tombstones.advance(event.position);
    head.advance(Number(event.position));
  }
}
