import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { NO_STREAM } from '../common/arguments.js';
import { checksum, WIPED_CHECKSUM } from './checksum.js';
import type { AppendGroup, WriterAnswer, WriterQuestion } from './messages.js';
import { commitRefusal, type Refusal, refusal, storageRefusal } from './refusal.js';
import { headOf, limitPages } from './schema.js';
import { ID_LENGTH } from './wire.js';

interface Tail {
  /** Row of the stream; null before its first event. */
  id: number | null;
  last: number;
  deleted: boolean;
}

/** Where the next append of a group finds its events. */
interface Cursor {
  event: number;
  byte: number;
}

const CACHED_TAILS = 20_000;
/** Every value is replaced by one of its own length: `schema.ts` says why nothing may change its size here. */
const WIPE = `UPDATE events SET wiped = 1, id = '00000000-0000-0000-0000-000000000000',
  type = printf('%.*c', octet_length(type), '-'), data = zeroblob(length(data)), metadata = zeroblob(length(metadata)),
  checksum = ${WIPED_CHECKSUM} WHERE stream = ?`;
const NOTHING: WriterAnswer['results'] = new Float64Array(0);

/** The one writer: every change of the log goes through here, in the thread that holds the writing connection. */
export class LogWriter {
  private readonly statements;
  /** Ends of the streams written last, so that a busy stream is not looked up for each append. */
  private readonly tails = new Map<string, Tail>();
  private head: number;

  constructor(
    private readonly db: DatabaseSync,
    private readonly inMemory: boolean,
  ) {
    const prepare = (sql: string): StatementSync => db.prepare(sql);
    this.statements = {
      begin: prepare('BEGIN IMMEDIATE'),
      commit: prepare('COMMIT'),
      savepoint: prepare('SAVEPOINT append'),
      undo: prepare('ROLLBACK TO append'),
      release: prepare('RELEASE append'),
      stream: prepare('SELECT id, deleted FROM streams WHERE name = ?'),
      last: prepare('SELECT max(revision) AS last FROM events WHERE stream = ?'),
      newStream: prepare('INSERT INTO streams (name, deleted) VALUES (?, ?)'),
      insert: prepare(
        'INSERT INTO events (stream, revision, id, type, json, data, metadata, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      written: prepare(
        'SELECT id, position FROM events WHERE stream = ? AND revision BETWEEN ? AND ? ORDER BY revision',
      ),
      wipe: prepare(WIPE),
      entomb: prepare('UPDATE streams SET deleted = 1 WHERE id = ?'),
    };
    this.head = headOf(db);
  }

  answer(question: WriterQuestion): WriterAnswer {
    switch (question.kind) {
      case 'append':
        return this.append(question);
      case 'delete':
        return this.alone(this.deleteStream(question.stream, question.expected));
      case 'limit':
        limitPages(this.db, question.pages);
        return this.alone(undefined);
    }
  }

  get newest(): number {
    return this.head;
  }

  private alone(refused: Refusal | undefined): WriterAnswer {
    return { head: this.head, results: NOTHING, refusals: refused ? [[0, refused]] : [] };
  }

  private append(group: AppendGroup): WriterAnswer {
    const results = new Float64Array(group.streams.length * 2);
    const refusals: [number, Refusal][] = [];
    const cursor: Cursor = { event: 0, byte: 0 };
    const before = this.head;
    const loseAll = (why: Refusal): WriterAnswer => {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      this.tails.clear();
      this.head = before;
      return { head: before, results, refusals: group.streams.map((_, index) => [index, why] as const) };
    };
    try {
      this.statements.begin.run();
    } catch (error) {
      return loseAll(storageRefusal(error, 'beginning a transaction'));
    }
    for (let index = 0; index < group.streams.length; index += 1) {
      const stream = group.streams[index]!;
      const next = { event: cursor.event + group.counts[index]!, byte: cursor.byte };
      for (let event = cursor.event; event < next.event; event += 1)
        next.byte += group.events.shapes[event * 3 + 1]! + group.events.shapes[event * 3 + 2]!;
      const known = this.head;
      // One INSERT is all or nothing by itself; a first event also makes its stream.
      const isOneStatement = group.counts[index] === 1 && (this.tails.get(stream)?.id ?? null) !== null;
      try {
        if (!isOneStatement) this.statements.savepoint.run();
        const refused = this.appendOne(group, index, cursor, results);
        if (refused) refusals.push([index, refused]);
        if (!isOneStatement) this.statements.release.run();
      } catch (error) {
        const why = storageRefusal(error, `appending to "${stream}"`);
        // On some errors SQLite rolls the whole transaction back by itself, the appends before this one with it.
        if (!this.db.isTransaction) return loseAll(why);
        if (!isOneStatement) {
          this.statements.undo.run();
          this.statements.release.run();
        }
        this.tails.delete(stream);
        this.head = known;
        refusals.push([index, why]);
      }
      cursor.event = next.event;
      cursor.byte = next.byte;
    }
    try {
      this.statements.commit.run();
    } catch (error) {
      return loseAll(commitRefusal(error));
    }
    return { head: this.head, results, refusals };
  }

  private appendOne(
    group: AppendGroup,
    index: number,
    start: Cursor,
    results: WriterAnswer['results'],
  ): Refusal | undefined {
    const name = group.streams[index]!;
    const expected = group.expected[index]!;
    const count = group.counts[index]!;
    const tail = this.tail(name);
    if (tail.deleted) return refusal('stream_deleted', `Stream "${name}" is deleted.`, { stream: name });
    if (tail.last !== expected) {
      const position = this.repeated(group, start.event, count, tail, expected);
      if (position === undefined) return wrongRevision(name, expected, tail.last);
      results[index * 2] = expected + count;
      results[index * 2 + 1] = position;
      return undefined;
    }
    tail.id ??= Number(this.statements.newStream.run(name, 0).lastInsertRowid);
    const { ids, types, shapes, bytes } = group.events;
    let at = start.byte;
    for (let event = start.event; event < start.event + count; event += 1) {
      const data = bytes.subarray(at, at + shapes[event * 3 + 1]!);
      const metadata = bytes.subarray(at + data.length, at + data.length + shapes[event * 3 + 2]!);
      at += data.length + metadata.length;
      const type = types[event]!;
      this.head = Number(
        this.statements.insert.run(
          tail.id,
          tail.last + 1 + event - start.event,
          ids.substring(event * ID_LENGTH, (event + 1) * ID_LENGTH),
          type,
          shapes[event * 3]!,
          data,
          metadata,
          checksum(type, data, metadata),
        ).lastInsertRowid,
      );
    }
    tail.last += count;
    results[index * 2] = tail.last;
    results[index * 2 + 1] = this.head;
    return undefined;
  }

  /** Position of the last event when exactly these events stand after `expected` already. */
  private repeated(group: AppendGroup, first: number, count: number, tail: Tail, expected: number): number | undefined {
    if (tail.id === null || tail.last < expected + count) return undefined;
    const rows = this.statements.written.all(tail.id, expected + 1, expected + count);
    const { ids } = group.events;
    const same = rows.every(
      (row, offset) => row['id'] === ids.substring((first + offset) * ID_LENGTH, (first + offset + 1) * ID_LENGTH),
    );
    return same ? Number(rows.at(-1)?.['position']) : undefined;
  }

  private deleteStream(name: string, expected: number | undefined): Refusal | undefined {
    try {
      this.statements.begin.run();
      const tail = this.tail(name);
      if (!tail.deleted && expected !== undefined && expected !== tail.last) {
        this.statements.commit.run();
        return wrongRevision(name, expected, tail.last);
      }
      if (tail.id === null) this.statements.newStream.run(name, 1);
      else if (!tail.deleted) {
        this.statements.wipe.run(tail.id);
        this.statements.entomb.run(tail.id);
      }
      this.tails.delete(name);
      this.statements.commit.run();
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      this.tails.clear();
      return storageRefusal(error, `deleting "${name}"`);
    }
    return this.forgetWal(name);
  }

  /** The events are overwritten in the file when the WAL is folded into it; older pages of the WAL still hold them. */
  private forgetWal(name: string): Refusal | undefined {
    if (this.inMemory) return undefined;
    const again = 'it is deleted, but its bytes still stand in the write-ahead log: delete it again';
    try {
      const row = this.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      return row?.['busy'] === 0 ? undefined : refusal('unavailable', `Stream "${name}": ${again}.`, { stream: name });
    } catch (error) {
      const why = storageRefusal(error, 'truncating the write-ahead log');
      return refusal(why.code, `Stream "${name}": ${again} (${why.message})`, { ...why.details, stream: name });
    }
  }

  private tail(name: string): Tail {
    const known = this.tails.get(name);
    if (known) return known;
    const row = this.statements.stream.get(name);
    const tail: Tail = row
      ? {
          id: Number(row['id']),
          last: Number(this.statements.last.get(Number(row['id']))?.['last'] ?? NO_STREAM),
          deleted: row['deleted'] === 1,
        }
      : { id: null, last: NO_STREAM, deleted: false };
    if (this.tails.size >= CACHED_TAILS) this.tails.delete(this.tails.keys().next().value ?? '');
    this.tails.set(name, tail);
    return tail;
  }
}

const spoken = (revision: number): string => (revision === NO_STREAM ? 'no_stream' : String(revision));

const wrongRevision = (stream: string, expected: number, actual: number): Refusal =>
  refusal(
    'wrong_expected_revision',
    `Stream "${stream}" was expected at ${spoken(expected)} and is at ${spoken(actual)}.`,
    { stream, expected: spoken(expected), actual: spoken(actual) },
  );
