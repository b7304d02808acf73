import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { EventStoreError } from '../port/index.js';
import { logQuery } from './log-query.js';
import type { LogRequest, ReadOutcome, ReadRequest, StreamRequest } from './messages.js';
import { COLUMNS, PageBuilder, type Row } from './page.js';
import { Patterns } from './patterns.js';
import { isDeleted } from './placing.js';
import { refusal, storageRefusal } from './refusal.js';
import { headOf } from './schema.js';
import { METADATA_TYPE, type Truncation, truncationIn } from './stream-metadata.js';
import { DELETED, describedBy, HIDDEN, metadataStream } from './tails.js';
import type { PackedLogPage, PackedStreamPage } from './wire.js';

/** Rows one statement fetches: enough to hide its cost, few enough that large events stay a bounded heap. */
const ROWS = 256;
/** Positions one page looks through before it answers with how far it came: a filter may match nothing for long. */
const SCANNED = 32_768;
const CACHED_NAMES = 20_000;
const CACHED_STATEMENTS = 64;

interface Shown {
  readonly id: number;
  readonly last: number;
  /** First revision that is shown. */
  readonly first: number;
  /** Events from before are not shown. */
  readonly since: number | undefined;
}

/** Reads pages with statements that are finished before it answers: an open one would hold the WAL. */
export class LogReader {
  private readonly statements = new Map<string, StatementSync>();
  private readonly names = new Map<number, string>();
  private readonly patterns = new Patterns();

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

  private stream(request: StreamRequest): ReadOutcome {
    const { stream, backwards, from, limit } = request;
    const builder = new PageBuilder(limit);
    const shown = this.shown(request);
    if (shown === 'deleted') return { refusal: isDeleted(stream) };
    if (shown === 'missing')
      return { page: { rows: builder.pack(() => stream), next: null, lastRevision: null, first: 0 } };
    const { id, last, first, since } = shown;
    const page = (next: number | null): { page: PackedStreamPage } => ({
      page: { rows: builder.pack(() => stream), next, lastRevision: last, first },
    });
    const only = since === undefined ? '' : ' AND e.stamp >= ?';
    const oldest = since === undefined ? [] : [since * 2];
    const sql = backwards
      ? `SELECT ${COLUMNS} FROM events e WHERE e.stream = ? AND e.revision <= ?${only} ORDER BY e.revision DESC LIMIT ?`
      : `SELECT ${COLUMNS} FROM events e WHERE e.stream = ? AND e.revision >= ?${only} ORDER BY e.revision LIMIT ?`;
    const step = backwards ? -1 : 1;
    let at = backwards ? Math.min(from ?? last, last) : Math.max(from ?? last + 1, first);
    while (at >= first && at <= last && !builder.isFull) {
      const wanted = Math.min(ROWS, limit - builder.count);
      const rows = this.rows(sql, id, at, ...oldest, wanted);
      for (const found of rows) {
        if (found[2] < first) return page(null);
        if (!builder.add(found)) return page(at);
        at = found[2] + step;
      }
      if (rows.length < wanted) return page(null);
    }
    return page(at >= first && at <= last ? at : null);
  }

  /** How much of a stream there is to see. */
  private shown({ stream, truncated }: StreamRequest): Shown | 'missing' | 'deleted' {
    const described = describedBy(stream);
    const [id, state] = this.row(stream);
    if (state === DELETED || (described !== undefined && this.row(described)[1] === DELETED)) return 'deleted';
    const last = id === null || state === HIDDEN ? null : this.lastRevision(id);
    if (id === null || last === null) return 'missing';
    if (!truncated) return { id, last, first: 0, since: undefined };
    // Of metadata only the newest is ever shown.
    if (described !== undefined) return { id, last, first: last, since: undefined };
    const { maxCount, maxAgeSeconds, before = 0 } = this.truncation(stream) ?? {};
    const first = Math.max(before, maxCount === undefined ? 0 : last + 1 - maxCount, 0);
    const since = maxAgeSeconds === undefined ? undefined : Math.max(0, Date.now() - Math.floor(maxAgeSeconds * 1_000));
    return { id, last, first, since };
  }

  private truncation(stream: string): Truncation | undefined {
    const [id] = this.row(metadataStream(stream));
    if (id === null) return undefined;
    const newest = this.prepared('SELECT type, data FROM events WHERE stream = ? ORDER BY revision DESC LIMIT 1').get(
      id,
    );
    return newest?.['type'] === METADATA_TYPE ? truncationIn(newest['data'] as Uint8Array) : undefined;
  }

  private row(stream: string): [id: number | null, state: number] {
    const row = this.prepared('SELECT id, deleted FROM streams WHERE name = ?').get(stream);
    return row ? [Number(row['id']), Number(row['deleted'])] : [null, 0];
  }

  private lastRevision(stream: number): number | null {
    const last = this.prepared('SELECT max(revision) AS last FROM events WHERE stream = ?').get(stream)?.['last'];
    return typeof last === 'number' ? last : null;
  }

  private log({ backwards, from, limit, conditions }: LogRequest): PackedLogPage {
    const head = headOf(this.db);
    const builder = new PageBuilder(limit);
    const start = backwards ? Math.min(from, head + 1) : from;
    const end = backwards ? Math.max(1, start - SCANNED) : Math.min(head, start + SCANNED);
    const { sql, words } = logQuery(conditions, backwards);
    let scanned = start;
    while ((backwards ? scanned > end : scanned < end) && !builder.isFull) {
      const wanted = Math.min(ROWS, limit - builder.count);
      const bounds = backwards ? [end - 1, scanned - 1] : [scanned, end];
      const rows = this.rows(sql, ...bounds, ...words, wanted);
      const matches = this.matches(conditions.pattern, rows);
      for (const [index, row] of rows.entries()) {
        if (matches?.[index] !== false && !builder.add(row)) return this.logPage(builder, scanned, backwards, head);
        scanned = row[0];
      }
      if (rows.length < wanted) scanned = end;
    }
    return this.logPage(builder, scanned, backwards, head);
  }

  private matches(pattern: LogRequest['conditions']['pattern'], rows: readonly Row[]): boolean[] | undefined {
    if (!pattern || rows.length === 0) return undefined;
    const texts = rows.map((row) => (pattern.on === 'type' ? row[4] : this.nameOf(row[1])));
    return this.patterns.verdicts(pattern.source, texts);
  }

  private logPage(builder: PageBuilder, scannedTo: number, backwards: boolean, head: number): PackedLogPage {
    const atEnd = backwards ? scannedTo <= 1 : scannedTo >= head;
    return { rows: builder.pack((stream) => this.nameOf(stream)), scannedTo, atEnd };
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
