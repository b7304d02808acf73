import type { EventData, EventStoreErrorCode, ExpectedRevision, LogFilter } from '#event-store';

/** The port's promises in the fewest words: what every store is compared with. */
export class LogModel {
  private readonly streams = new Map<string, { events: EventData[]; deleted: boolean }>();
  private log: { stream: string; event: EventData }[] = [];

  append(name: string, expected: ExpectedRevision, events: readonly EventData[]): bigint | EventStoreErrorCode {
    const stream = this.streams.get(name);
    if (stream?.deleted) return 'stream_deleted';
    const from = expected === 'no_stream' ? 0 : Number(expected) + 1;
    const written = stream?.events ?? [];
    if (written.length !== from) {
      const there = written.slice(from, from + events.length);
      const isRepeat = there.length === events.length && there.every(({ id }, index) => id === events[index]!.id);
      return isRepeat ? BigInt(from + events.length - 1) : 'wrong_expected_revision';
    }
    this.streams.set(name, { events: [...written, ...events], deleted: false });
    this.log.push(...events.map((event) => ({ stream: name, event })));
    return BigInt(from + events.length - 1);
  }

  delete(name: string, expected: ExpectedRevision | undefined): 'deleted' | EventStoreErrorCode {
    const stream = this.streams.get(name);
    const last = this.revision(name);
    if (!stream?.deleted && expected !== undefined && expected !== last) return 'wrong_expected_revision';
    this.streams.set(name, { events: [], deleted: true });
    this.log = this.log.filter((entry) => entry.stream !== name);
    return 'deleted';
  }

  revision(name: string): ExpectedRevision {
    const length = this.streams.get(name)?.events.length ?? 0;
    return length === 0 ? 'no_stream' : BigInt(length - 1);
  }

  stream(name: string): readonly EventData[] | 'stream_deleted' {
    const stream = this.streams.get(name);
    return stream?.deleted ? 'stream_deleted' : (stream?.events ?? []);
  }

  all({ streamPrefixes, types }: LogFilter = {}): EventData[] {
    return this.log
      .filter(({ stream }) => !streamPrefixes || streamPrefixes.some((prefix) => stream.startsWith(prefix)))
      .filter(({ event }) => !types || types.includes(event.type))
      .map(({ event }) => event);
  }
}
