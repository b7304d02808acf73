import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { EventStoreError } from '../port/index.js';
import type { ReadOutcome, ReadRequest } from './messages.js';
import { COLUMNS, PageBuilder, type Row } from './page.js';
import { refusal, storageRefusal } from './refusal.js';
import { headOf } from './schema.js';
import type { PackedLogPage, PackedStreamPage } from './wire.js';

/** Rows one statement fetches: enough to hide its cost, few enough that large events stay a bounded heap. */
const ROWS = 256;
/** Positions one page looks through before it answers with how far it came: a filter may match nothing for long. */
const SCANNED = 32_768;
const CACHED_NAMES = 20_000;
const CACHED_STATEMENTS = 64;

type LogRequest = Extract<ReadRequest, { kind: 'log' }>;
type StreamRequest = Extract<ReadRequest, { kind: 'stream' }>;

/** Reads pages with statements that are finished before it answers: an open one would hold the WAL. */
export class LogReader {
  private readonly statements = new Map<string, StatementSync>();
  private readonly names = new Map<number, string>();

  constructor(private readonly db: DatabaseSync) {}

  read(request: ReadRequest): ReadOutcome {
    try {
      // One snapshot for all statements of a page: a stream deleted between two of them would be half a stream.
      this.prepared('BEGIN').run();
      try {
        return request.kind === 'stream' ? this.stream(request) : { page: this.log(request) };
      } finally {
        this.prepared('COMMIT').run();
      }
    } catch (error) {
      if (error instanceof EventStoreError) return { refusal: refusal(error.code, error.message, error.details) };
      return { refusal: storageRefusal(error, 'reading') };
    }
  }

  private stream({ stream, backwards, from, limit }: StreamRequest): ReadOutcome {
    const row = this.prepared('SELECT id, deleted FROM streams WHERE name = ?').get(stream);
    if (row?.['deleted'] === 1)
      return { refusal: refusal('stream_deleted', `Stream "${stream}" is deleted.`, { stream }) };
    const builder = new PageBuilder(limit);
    const id = row ? Number(row['id']) : null;
    const last = id === null ? null : this.lastRevision(id);
    if (id === null || last === null)
      return { page: { rows: builder.pack(() => stream), next: null, lastRevision: null } };
    const page = (next: number | null): { page: PackedStreamPage } => ({
      page: { rows: builder.pack(() => stream), next, lastRevision: last },
    });
    const sql = backwards
      ? `SELECT ${COLUMNS} FROM events e WHERE e.stream = ? AND e.revision <= ? ORDER BY e.revision DESC LIMIT ?`
      : `SELECT ${COLUMNS} FROM events e WHERE e.stream = ? AND e.revision >= ? ORDER BY e.revision LIMIT ?`;
    const step = backwards ? -1 : 1;
    let at = backwards ? Math.min(from ?? last, last) : (from ?? last + 1);
    while (at >= 0 && at <= last && !builder.isFull) {
      for (const found of this.rows(sql, id, at, Math.min(ROWS, limit - builder.count))) {
        if (!builder.add(found)) return page(at);
        at = found[2] + step;
      }
    }
    return page(at >= 0 && at <= last ? at : null);
  }

  private lastRevision(stream: number): number | null {
    const last = this.prepared('SELECT max(revision) AS last FROM events WHERE stream = ?').get(stream)?.['last'];
    return typeof last === 'number' ? last : null;
  }

  private log({ after, limit, prefixes, types }: LogRequest): PackedLogPage {
    const head = headOf(this.db);
    const builder = new PageBuilder(limit);
    const end = Math.min(head, after + SCANNED);
    const sql = logQuery(prefixes, types);
    const words = [...(prefixes ?? []).flatMap((prefix) => [[...prefix].length, prefix]), ...(types ?? [])];
    let scanned = after;
    while (scanned < end && !builder.isFull) {
      const wanted = Math.min(ROWS, limit - builder.count);
      const rows = this.rows(sql, scanned, end, ...words, wanted);
      for (const row of rows) {
        if (!builder.add(row)) return this.logPage(builder, scanned, head);
        scanned = row[0];
      }
      if (rows.length < wanted) scanned = end;
    }
    return this.logPage(builder, scanned, head);
  }

  private logPage(builder: PageBuilder, scannedTo: number, head: number): PackedLogPage {
    return { rows: builder.pack((stream) => this.nameOf(stream)), scannedTo, atEnd: scannedTo >= head };
  }

  private nameOf(stream: number): string {
    const known = this.names.get(stream);
    if (known !== undefined) return known;
    const name = this.prepared('SELECT name FROM streams WHERE id = ?').get(stream)?.['name'];
    if (typeof name !== 'string')
      throw new EventStoreError('corrupt', `Events belong to stream ${stream}, which has no name.`, { stream });
    if (this.names.size >= CACHED_NAMES) this.names.delete(this.names.keys().next().value ?? 0);
    this.names.set(stream, name);
    return name;
  }

  private rows(sql: string, ...values: (number | string)[]): Row[] {
    return this.prepared(sql, true).all(...values) as unknown as Row[];
  }

  private prepared(sql: string, asArrays = false): StatementSync {
    const known = this.statements.get(sql);
    if (known) return known;
    const statement = this.db.prepare(sql);
    if (asArrays) statement.setReturnArrays(true);
    if (this.statements.size >= CACHED_STATEMENTS) this.statements.delete(this.statements.keys().next().value ?? '');
    this.statements.set(sql, statement);
    return statement;
  }
}

/** CROSS JOIN keeps SQLite from starting at the stream names: the order is the log's. */
function logQuery(prefixes: readonly string[] | undefined, types: readonly string[] | undefined): string {
  const conditions = ['e.position > ?', 'e.position <= ?', 'e.wiped = 0'];
  if (prefixes) conditions.push(`(${prefixes.map(() => 'substr(s.name, 1, ?) = ?').join(' OR ') || 'FALSE'})`);
  if (types) conditions.push(`e.type IN (${types.map(() => '?').join(', ')})`);
  const from = prefixes ? 'events e CROSS JOIN streams s ON s.id = e.stream' : 'events e';
  return `SELECT ${COLUMNS} FROM ${from} WHERE ${conditions.join(' AND ')} ORDER BY e.position LIMIT ?`;
}
