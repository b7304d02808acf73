import { setTimeout as sleep } from 'node:timers/promises';
import type { LogPage, SubscriptionMessage } from '../port/index.js';
import type { Head } from './head.js';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

export interface SubscriptionSource {
  readonly head: Head;
  /** How one subscription reads; its signal ends with it. */
  readonly reader: (signal: AbortSignal) => (after: bigint) => Promise<LogPage>;
  readonly report: (error: unknown) => void;
}

export interface SubscriptionStart {
  readonly after: bigint;
  readonly signal: AbortSignal | undefined;
}

/** Each iteration is a subscription of its own from the same start. */
export const subscription = (
  source: SubscriptionSource,
  start: SubscriptionStart,
): AsyncIterable<SubscriptionMessage> => ({
  [Symbol.asyncIterator]: () => {
    const ended = new AbortController();
    const signal = start.signal ? AbortSignal.any([start.signal, ended.signal]) : ended.signal;
    const messages = follow(source, start, signal);
    return {
      next: () => messages.next(),
      // A generator queues `return` behind a `next` that waits, and a live subscriber may wait for hours.
      return: () => {
        ended.abort();
        return messages.return(undefined);
      },
    };
  },
});

async function* follow(
  { head, reader, report }: SubscriptionSource,
  { after }: SubscriptionStart,
  signal: AbortSignal,
): AsyncGenerator<SubscriptionMessage, undefined> {
  const read = reader(signal);
  let position = after;
  let pause = FIRST_PAUSE_MS;
  const isOver = (): boolean => signal.aborted || head.isClosed;
  while (!isOver()) {
    let page: LogPage;
    try {
      page = await read(position);
      pause = FIRST_PAUSE_MS;
    } catch (error) {
      if (isOver()) return undefined;
      report(error);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      continue;
    }
    if (isOver()) return undefined;
    if (page.events.length > 0) yield { kind: 'events', events: page.events };
    const delivered = page.events.at(-1)?.position ?? position;
    position = page.scannedTo;
    if (position > delivered) yield { kind: 'checkpoint', position };
    if (!page.atEnd) continue;
    yield { kind: 'caught_up', position };
    await head.beyond(Number(position), signal);
  }
  return undefined;
}
