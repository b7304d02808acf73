import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type DeleteQuestion, Deleting } from './deleting.js';
import { EventRows, stampOf } from './event-rows.js';
import type { AppendGroup, WriterAnswer, WriterQuestion } from './messages.js';
import { Placing } from './placing.js';
import { RecentIds } from './recent-ids.js';
import { commitRefusal, FULL, type Refusal, refusal, storageRefusal } from './refusal.js';
import { headOf, limitPages } from './schema.js';
import { StreamMarks } from './stream-marks.js';
import { LIVE, Tails } from './tails.js';
import { ID_LENGTH } from './wire.js';

/** Where the next append of a group finds its events. */
interface Cursor {
  event: number;
  byte: number;
}

const REPEAT = 'repeat';
const NOTHING: WriterAnswer['results'] = new Float64Array(0);

/** The one writer: every change of the log goes through here, in the thread that holds the writing connection. */
export class LogWriter {
  private readonly statements;
  private readonly tails: Tails;
  private readonly rows: EventRows;
  private readonly recent: RecentIds;
  private readonly placing: Placing;
  private readonly marks: StreamMarks;
  private readonly deleting: Deleting;
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
    };
    this.tails = new Tails(db);
    this.rows = new EventRows(db);
    this.recent = new RecentIds(db);
    this.placing = new Placing(this.rows, this.recent);
    this.marks = new StreamMarks(this.rows, this.tails);
    this.deleting = new Deleting(this.rows, this.tails, this.marks);
    this.head = headOf(db);
  }

  answer(question: WriterQuestion): WriterAnswer {
    switch (question.kind) {
      case 'append':
        return this.append(question);
      case 'delete':
        return this.deleteStream(question);
      case 'hide':
        return this.alone(`deleting "${question.stream}"`, () =>
          this.deleting.hide(question.stream, question.expected),
        );
      case 'limit':
        limitPages(this.db, question.pages);
        return this.refused(undefined);
    }
  }

  get newest(): number {
    return this.head;
  }

  private refused(why: Refusal | undefined): WriterAnswer {
    return { head: this.head, results: NOTHING, refusals: why ? [[0, why]] : [] };
  }

  /** One change in a transaction of its own; it answers the position of what it wrote, 0 for nothing. */
  private alone(doing: string, change: () => Refusal | number): WriterAnswer {
    try {
      this.statements.begin.run();
      const written = change();
      this.statements.commit.run();
      if (typeof written !== 'number') return this.refused(written);
      this.head = Math.max(this.head, written);
      return { head: this.head, results: Float64Array.of(0, written), refusals: [] };
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      this.tails.clear();
      return this.refused(storageRefusal(error, doing));
    }
  }

  private append(group: AppendGroup): WriterAnswer {
    const results = new Float64Array(group.streams.length * 2);
    const repeats: number[] = [];
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
      // One INSERT is all or nothing by itself; a first event also makes its stream, a `$` stream can mark another.
      const isOneStatement = group.counts[index] === 1 && stream[0] !== '$' && this.tails.isBusy(stream);
      try {
        if (!isOneStatement) this.statements.savepoint.run();
        const refused = this.appendOne(group, index, cursor, results);
        if (refused === REPEAT) repeats.push(index);
        else if (refused) refusals.push([index, refused]);
        if (!isOneStatement) this.statements.release.run();
      } catch (error) {
        const why = storageRefusal(error, `appending to "${stream}"`);
        // On some errors SQLite rolls the whole transaction back by itself, the appends before this one with it.
        if (!this.db.isTransaction) return loseAll(why);
        if (!isOneStatement) {
          this.statements.undo.run();
          this.statements.release.run();
        }
        this.tails.clear();
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
    return { head: this.head, results, repeats, refusals };
  }

  private appendOne(
    group: AppendGroup,
    index: number,
    start: Cursor,
    results: WriterAnswer['results'],
  ): Refusal | typeof REPEAT | undefined {
    const name = group.streams[index]!;
    const expected = group.expected[index]!;
    const count = group.counts[index]!;
    const { created } = group;
    const { ids, types, shapes, bytes } = group.events;
    const tail = this.tails.of(name);
    const idAt = (event: number): string => ids.substring(event * ID_LENGTH, (event + 1) * ID_LENGTH);
    if (tail.last !== expected || tail.state !== LIVE) {
      const placed = this.placing.place(name, tail, expected, count, (offset) => idAt(start.event + offset));
      if (placed && 'code' in placed) return placed;
      if (placed) {
        results[index * 2] = placed.revision;
        results[index * 2 + 1] = placed.position;
        return REPEAT;
      }
    }
    if (count > 0) {
      const stream = this.tails.make(name, tail);
      let at = start.byte;
      for (let event = start.event; event < start.event + count; event += 1) {
        const data = bytes.subarray(at, at + shapes[event * 3 + 1]!);
        const metadata = bytes.subarray(at + data.length, at + data.length + shapes[event * 3 + 2]!);
        at += data.length + metadata.length;
        const revision = tail.last + 1 + event - start.event;
        const id = idAt(event);
        const type = types[event]!;
        const stamp = stampOf(created, shapes[event * 3] === 1);
        this.head = this.rows.insert({ stream, revision, id, type, stamp, data, metadata });
        this.recent.note(id, stream, revision);
        if (name[0] === '$') this.marks.noticeMetadata(name, type, data);
      }
      tail.last += count;
    }
    results[index * 2] = tail.last;
    results[index * 2 + 1] = this.head;
    if (count > 0 && tail.state !== LIVE) this.head = this.marks.makeAgain(name, tail, tail.last + 1 - count, created);
    return undefined;
  }

  private deleteStream(question: DeleteQuestion): WriterAnswer {
    const doing = `deleting "${question.stream}"`;
    const first = this.alone(doing, () => this.deleting.delete(question, 'recorded'));
    // A full disk must not stand in the way of forgetting: without the record nothing grows.
    const isFull = first.refusals[0]?.[1].details['sqlite'] === FULL;
    const deleted = isFull ? this.alone(doing, () => this.deleting.delete(question, 'unrecorded')) : first;
    return deleted.refusals.length > 0 ? deleted : this.forgetWal(question.stream, deleted);
  }

  /** The events are overwritten in the file when the WAL is folded into it; older pages of the WAL still hold them. */
  private forgetWal(name: string, deleted: WriterAnswer): WriterAnswer {
    if (this.inMemory) return deleted;
    const again = 'it is deleted, but its bytes still stand in the write-ahead log: delete it again';
    try {
      const row = this.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      if (row?.['busy'] === 0) return deleted;
      return this.refused(refusal('unavailable', `Stream "${name}": ${again}.`, { stream: name }));
    } catch (error) {
      const why = storageRefusal(error, 'truncating the write-ahead log');
      const message = `Stream "${name}": ${again} (${why.message})`;
      return this.refused(refusal(why.code, message, { ...why.details, stream: name }));
    }
  }
}
