import { type EventData, EventStoreError, type ExpectedRevision, type LogFilter } from '../port/index.js';

/** The stream must not exist, as a number beside revisions. */
export const NO_STREAM = -1;

const MAX_EVENTS = 1_000;
const MAX_BYTES = 1_048_576;
const MAX_LIMIT = 4_096;
const MAX_NAME = 1_024;
const MAX_TYPE = 256;
const MAX_FILTER_WORDS = 500;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const sizeOf = (event: EventData): number => event.data.byteLength + event.metadata.byteLength;

const invalid = (message: string, details: Record<string, string | number> = {}): EventStoreError =>
  new EventStoreError('invalid_argument', message, details);

/** Lone surrogates would come back as another text, and a NUL ends a text for SQLite's own functions. */
const isText = (text: unknown, longest: number): text is string =>
  typeof text === 'string' && text.length > 0 && text.length <= longest && text.isWellFormed() && !text.includes('\0');

export function checkStream(stream: string): void {
  if (!isText(stream, MAX_NAME))
    throw invalid(
      `A stream's name is 1–${MAX_NAME} well-formed characters without NUL, not ${JSON.stringify(stream)}.`,
    );
}

const isRevision = (value: bigint): boolean => value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER);

export function expectedNumber(expected: ExpectedRevision): number {
  if (expected === 'no_stream') return NO_STREAM;
  if (typeof expected !== 'bigint' || !isRevision(expected))
    throw invalid(`An expected revision is a bigint from 0n on or 'no_stream', not ${String(expected)}.`);
  return Number(expected);
}

export function revisionNumber(revision: bigint, what: string): number {
  if (typeof revision !== 'bigint' || !isRevision(revision))
    throw invalid(`${what} is a bigint from 0n on, not ${String(revision)}.`);
  return Number(revision);
}

export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw invalid(`A page holds 1–${MAX_LIMIT} events, not ${limit}.`);
}

export function checkFilter(filter: LogFilter | undefined): void {
  for (const [name, words] of Object.entries({ streamPrefixes: filter?.streamPrefixes, types: filter?.types }))
    if (words !== undefined && (words.length > MAX_FILTER_WORDS || !words.every((word) => isText(word, MAX_NAME))))
      throw invalid(`A filter's ${name} are at most ${MAX_FILTER_WORDS} texts of 1–${MAX_NAME} characters.`);
}

/** Bytes of data and metadata together, which is what the way to the writer costs. */
export function checkEvents(events: readonly EventData[]): number {
  if (events.length === 0) throw invalid('An append holds at least one event.');
  if (events.length > MAX_EVENTS)
    throw new EventStoreError(
      'append_too_large',
      `An append holds at most ${MAX_EVENTS} events, not ${events.length}.`,
      {
        events: events.length,
        limit: MAX_EVENTS,
      },
    );
  let payload = 0;
  let types = 0;
  for (const event of events) {
    if (!UUID.test(event.id)) throw invalid(`An event's id is a lower-case uuid, not ${JSON.stringify(event.id)}.`);
    if (!isText(event.type, MAX_TYPE))
      throw invalid(`An event's type is 1–${MAX_TYPE} well-formed characters, not ${JSON.stringify(event.type)}.`);
    if (event.contentType !== 'application/json' && event.contentType !== 'application/octet-stream')
      throw invalid(`Content type ${JSON.stringify(event.contentType)} is not known.`);
    payload += sizeOf(event);
    types += Buffer.byteLength(event.type);
  }
  if (payload + types > MAX_BYTES)
    throw new EventStoreError(
      'append_too_large',
      `An append holds at most ${MAX_BYTES} bytes, not ${payload + types}.`,
      {
        bytes: payload + types,
        limit: MAX_BYTES,
      },
    );
  return payload;
}
