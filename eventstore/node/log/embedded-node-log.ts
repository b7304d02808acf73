import { NO_STREAM } from '../../common/arguments.js';
import type { LogEngine } from '../../embedded/engine.js';
import { ANY, EXISTS, type LogConditions } from '../../embedded/messages.js';
import type { PackedStreamPage } from '../../embedded/wire.js';
import { type EventData, EventStoreError, isEventStoreError } from '../../port/index.js';
import { NewestEvents } from './newest-events.js';
import type {
  AllRead,
  Appended,
  Expected,
  NodeEvent,
  NodeFilter,
  NodeLog,
  NodeLogPage,
  NodeStreamPage,
  Resolved,
  StreamRead,
  Watch,
} from './node-log.js';
import { nodeEvents } from './unpack.js';

const MAX_APPEND_BYTES = 1_048_576;
const LINK_TYPE = '$>';
/** `rev@stream`. */
const LINK = /^(\d{1,19})@(.+)$/s;
const LAST = BigInt(Number.MAX_SAFE_INTEGER);

/** Positions and revisions go up to 2^64 on the wire, ours never come near 2^53. */
const number = (value: bigint): number => Number(value > LAST ? LAST : value);

/** A log the node serves, whether it is the node's own or that of the server it stands beside. */
export class EmbeddedNodeLog implements NodeLog {
  private readonly newest = new NewestEvents();

  constructor(private readonly engine: LogEngine) {
    engine.listen({
      committed: (_head, appends) => {
        if (!appends) this.newest.clear();
        for (const append of appends ?? []) this.newest.add(append);
      },
      lost: () => this.newest.clear(),
    });
  }

  get isClosed(): boolean {
    return this.engine.head.isClosed;
  }

  async append(stream: string, expected: Expected, events: readonly EventData[]): Promise<Appended> {
    this.engine.refuseWhenClosed();
    checkStream(stream);
    const bytes = checkSize(events);
    const { revision, position } = await this.engine.append(stream, expectation(expected), events, bytes);
    return { revision: revision < 0n ? null : revision, position };
  }

  async readStream(stream: string, { direction, from, limit }: StreamRead): Promise<NodeStreamPage> {
    const page = await this.page(stream, { direction, from, limit });
    return {
      events: nodeEvents(page.rows),
      next: page.next === null ? null : BigInt(page.next),
      lastRevision: page.lastRevision === null ? null : BigInt(page.lastRevision),
      firstRevision: BigInt(page.first),
    };
  }

  async readAll({ direction, from, limit, filter, within }: AllRead): Promise<NodeLogPage> {
    this.engine.refuseWhenClosed();
    const backwards = direction === 'backwards';
    if (!backwards && !filter && !within && typeof from === 'bigint') {
      const events = this.newest.from(number(from), limit);
      const last = events.at(-1)?.position;
      if (last !== undefined) return { events, next: last + 1n, atEnd: last >= this.head() };
    }
    const page = await this.engine.readLog({
      kind: 'log',
      backwards,
      from: exclusive(backwards, from, this.engine.head.position),
      limit,
      conditions: { ...(filter && conditionsOf(filter)), within, deletions: true },
    });
    const next = BigInt(page.scannedTo) + (backwards ? 0n : 1n);
    return { events: nodeEvents(page.rows), next, atEnd: page.atEnd };
  }

  async resolve(event: NodeEvent): Promise<Resolved> {
    if (event.type !== LINK_TYPE) return { event };
    const [, revision, stream] = LINK.exec(Buffer.from(event.data).toString('utf8')) ?? [];
    if (revision === undefined || stream === undefined) return { event };
    const read = { direction: 'forwards', from: BigInt(revision), limit: 1 } as const;
    const page = await this.readStream(stream, read).catch((error: unknown) => {
      if (isEventStoreError(error, 'stream_deleted')) return undefined;
      throw error;
    });
    const target = page?.events[0];
    return { event: target?.revision === read.from ? target : undefined, link: event };
  }

  async deleteStream(stream: string, expected: Expected): Promise<bigint> {
    this.engine.refuseWhenClosed();
    checkStream(stream);
    const { position } = await this.engine.ask({ kind: 'hide', stream, expected: expectation(expected) });
    return position;
  }

  async tombstone(stream: string, expected: Expected): Promise<bigint> {
    this.engine.refuseWhenClosed();
    checkStream(stream);
    const question = { kind: 'delete', stream, expected: expectation(expected), again: 'refused' } as const;
    return (await this.engine.ask(question)).position;
  }

  head(): bigint {
    return BigInt(this.engine.head.position);
  }

  onStreamDeleted(heard: (stream: string) => void): () => void {
    return this.engine.onStreamDeleted(heard);
  }

  beyond(position: bigint, signal: AbortSignal): Promise<void> {
    return this.engine.head.beyond(number(position), signal);
  }

  watch(stream: string, signal: AbortSignal): Watch {
    return this.engine.watch(stream, signal);
  }

  private page(stream: string, { direction, from, limit }: StreamRead): Promise<PackedStreamPage> {
    this.engine.refuseWhenClosed();
    checkStream(stream);
    const at = from === 'start' ? 0 : from === 'end' ? undefined : number(from);
    const backwards = direction === 'backwards';
    return this.engine.readStream({ kind: 'stream', stream, backwards, from: at, limit, truncated: true });
  }
}

function expectation(expected: Expected): number {
  switch (expected) {
    case 'no_stream':
      return NO_STREAM;
    case 'any':
      return ANY;
    case 'stream_exists':
      return EXISTS;
    default:
      return number(expected);
  }
}

/** The protocol's positions are inclusive forwards and exclusive backwards, the reader's are exclusive both ways. */
function exclusive(backwards: boolean, from: AllRead['from'], head: number): number {
  if (from === 'start') return backwards ? 1 : 0;
  if (from === 'end') return backwards ? head + 1 : head;
  return backwards ? Math.max(1, number(from)) : Math.max(0, number(from) - 1);
}

function conditionsOf({ on, prefixes, regex }: NodeFilter): Omit<LogConditions, 'deletions'> {
  if (regex !== undefined) return { pattern: { on, source: regex } };
  return on === 'stream' ? { prefixes } : { typePrefixes: prefixes };
}

function checkStream(stream: string): void {
  if (stream === '') throw new EventStoreError('invalid_argument', 'A stream has a name.');
}

/** Answers the bytes of data and metadata. */
function checkSize(events: readonly EventData[]): number {
  let payload = 0;
  let types = 0;
  for (const { type, data, metadata } of events) {
    payload += data.byteLength + metadata.byteLength;
    types += Buffer.byteLength(type);
  }
  if (payload + types <= MAX_APPEND_BYTES) return payload;
  const bytes = payload + types;
  throw new EventStoreError('append_too_large', `An append holds at most ${MAX_APPEND_BYTES} bytes, not ${bytes}.`, {
    bytes,
    limit: MAX_APPEND_BYTES,
  });
}
