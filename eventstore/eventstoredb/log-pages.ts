import type { LogFilter, LogPage, RecordedEvent } from '../port/index.js';
import type { Connection } from './connection.js';
import { readMessages } from './read-messages.js';
import { isSystem, STREAM_DELETED } from './records.js';
import { unavailable } from './refusals.js';
import { allRead, type WireFilter } from './requests.js';
import { PAGE_BYTES, READ_MS } from './stream-pages.js';
import type { Tombstones } from './tombstones.js';

/** Of an unfiltered page that follows a filtered one which found nothing in all its time. */
const STRIDE = 4_096;
const DOING = 'a read of $all';

interface LogAsk {
  readonly after: bigint;
  readonly limit: number;
  readonly filter: LogFilter | undefined;
  readonly signal: AbortSignal | undefined;
}

interface Scanned {
  readonly events: RecordedEvent[];
  /** Place of the last record looked at; undefined when there was none. */
  readonly last: bigint | undefined;
  readonly end: 'complete' | 'full' | 'enough' | 'late';
}

export const matches = (event: RecordedEvent, filter: LogFilter | undefined): boolean =>
  (filter?.types?.includes(event.type) ?? true) &&
  (filter?.streamPrefixes?.some((prefix) => event.stream.startsWith(prefix)) ?? true);

const matchesNothing = (filter: LogFilter | undefined): boolean =>
  filter?.types?.length === 0 || filter?.streamPrefixes?.length === 0;

const wireFilter = ({ streamPrefixes, types }: LogFilter): WireFilter | undefined => {
  if (streamPrefixes) return { on: 'stream', prefixes: streamPrefixes };
  return types && { on: 'type', prefixes: types };
};

/** Reads `$all` in pages, without what is the store's own and what belongs to deleted streams. */
export class LogPages {
  constructor(
    private readonly connection: Connection,
    private readonly tombstones: Tombstones,
    private readonly readMs = READ_MS,
  ) {}

  async page(ask: LogAsk): Promise<LogPage> {
    // Asked for beside the page: whatever was deleted before the page was asked for is known when it is answered.
    const [page] = await Promise.all([this.scan(ask), this.tombstones.cover(ask.after, ask.signal)]);
    return { ...page, events: page.events.filter(({ stream }) => !this.tombstones.has(stream)) };
  }

  head(signal?: AbortSignal): Promise<bigint> {
    return headOf(this.connection, signal, this.readMs);
  }

  private async scan(ask: LogAsk): Promise<LogPage> {
    const { after, limit, filter, signal } = ask;
    const wire = filter && wireFilter(filter);
    if (!wire && !matchesNothing(filter)) return pageOf(ask, await this.records(ask, limit));
    // A filtered read says nothing of what it passed over. Looked at first, this is how far it will have come at least.
    const head = await this.head(signal);
    const far = head > after ? head : after;
    if (matchesNothing(filter)) return { events: [], scannedTo: far, atEnd: true };
    const found = await this.records(ask, limit, wire);
    if (found.end === 'complete') {
      const scannedTo = found.last !== undefined && found.last > far ? found.last : far;
      return { events: wanted(found.events, filter), scannedTo, atEnd: true };
    }
    // Nothing in all that time: without a filter each record is a step forward, however large the log.
    if (found.last === undefined) return pageOf(ask, await this.records(ask, STRIDE));
    return { events: wanted(found.events, filter), scannedTo: found.last, atEnd: false };
  }

  private async records({ after, signal }: LogAsk, count: number, filter?: WireFilter): Promise<Scanned> {
    const events: RecordedEvent[] = [];
    let last: bigint | undefined;
    let [received, taken, bytes] = [0, 0, 0];
    const reading = { doing: DOING, deadlineMs: this.readMs, signal };
    // One more than wanted, since the place read from is among what comes, if its event is still there.
    const request = allRead('forwards', after, count + 1, filter);
    const ended = await readMessages(this.connection, request, reading, (message) => {
      const event = message.read?.event;
      if (!event) return true;
      received += 1;
      if (event.position <= after) return true;
      bytes += event.data.length + event.metadata.length;
      if (taken === count || (taken > 0 && bytes > PAGE_BYTES)) return false;
      if (event.type === STREAM_DELETED) this.tombstones.add(event.stream);
      if (!isSystem(event)) events.push(event);
      last = event.position;
      taken += 1;
      return true;
    });
    if (ended === 'late' && last === undefined && !filter)
      throw unavailable(DOING, `no answer within ${this.readMs} ms`);
    const isFull = ended === 'enough' || (ended === 'complete' && received > count);
    return { events, last, end: isFull ? 'full' : ended };
  }
}

/** Place of the newest record, of the store's own ones too; 0n for an empty log. */
export async function headOf(connection: Connection, signal?: AbortSignal, deadlineMs = READ_MS): Promise<bigint> {
  const doing = 'a look at the end of $all';
  let newest = 0n;
  const request = allRead('backwards', 'end', 1);
  const ended = await readMessages(connection, request, { doing, deadlineMs, signal }, (message) => {
    newest = message.read?.event?.position ?? newest;
    return true;
  });
  if (ended === 'late') throw unavailable(doing, `no answer within ${deadlineMs} ms`);
  return newest;
}

const wanted = (events: readonly RecordedEvent[], filter: LogFilter | undefined): RecordedEvent[] =>
  filter ? events.filter((event) => matches(event, filter)) : [...events];

const pageOf = ({ after, filter, limit }: LogAsk, { events, last, end }: Scanned): LogPage => {
  const found = wanted(events, filter);
  if (found.length <= limit) return { events: found, scannedTo: last ?? after, atEnd: end === 'complete' };
  const kept = found.slice(0, limit);
  return { events: kept, scannedTo: kept.at(-1)!.position, atEnd: false };
};
