import { NO_STREAM } from '../common/arguments.js';
import type { EventRows } from './event-rows.js';
import { ANY, EXISTS } from './messages.js';
import type { RecentIds } from './recent-ids.js';
import { type Refusal, refusal } from './refusal.js';
import { DELETED, HIDDEN, type Tail } from './tails.js';

/** An append that stands in the log already: it is answered as the first time. */
export interface Repeat {
  readonly revision: number;
  readonly position: number;
}

const SPOKEN = new Map([
  [NO_STREAM, 'no_stream'],
  [ANY, 'any'],
  [EXISTS, 'stream_exists'],
]);

const spoken = (revision: number): string => SPOKEN.get(revision) ?? String(revision);

export const wrongRevision = (stream: string, expected: number, actual: number): Refusal =>
  refusal(
    'wrong_expected_revision',
    `Stream "${stream}" was expected at ${spoken(expected)} and is at ${spoken(actual)}.`,
    { stream, expected: spoken(expected), actual: spoken(actual) },
  );

export const isDeleted = (stream: string): Refusal =>
  refusal('stream_deleted', `Stream "${stream}" is deleted.`, { stream });

/** Says whether an append may be written at its stream's end, was written before, or is refused. */
export class Placing {
  constructor(
    private readonly rows: EventRows,
    private readonly recent: RecentIds,
  ) {}

  /** Undefined: write it. `idAt` gives the ids of the `count` events. */
  place(
    stream: string,
    tail: Tail,
    expected: number,
    count: number,
    idAt: (index: number) => string,
  ): Refusal | Repeat | undefined {
    if (tail.state === DELETED) return isDeleted(stream);
    if (tail.last === expected) return undefined;
    if (expected === EXISTS) {
      if (tail.state === HIDDEN) return isDeleted(stream);
      if (tail.last === NO_STREAM) return wrongRevision(stream, expected, tail.last);
    }
    if (expected === ANY || expected === EXISTS) return this.anywhere(stream, tail, expected, count, idAt);
    if (expected > tail.last) return wrongRevision(stream, expected, tail.last);
    // Nothing to write, and the stream has been where it was expected.
    if (count === 0) return undefined;
    const repeat = this.repeated(tail, expected + 1, count, idAt);
    if (repeat) return repeat;
    if (expected === NO_STREAM && tail.state === HIDDEN) return undefined;
    return wrongRevision(stream, expected, tail.last);
  }

  private anywhere(
    stream: string,
    tail: Tail,
    expected: number,
    count: number,
    idAt: (index: number) => string,
  ): Refusal | Repeat | undefined {
    if (count === 0 || tail.id === null) return undefined;
    const first = this.recent.find(idAt(0), tail.id);
    if (first === undefined || !this.repeated(tail, first, 1, idAt)) return undefined;
    // Written in part before: to write it again would double a part, to accept it would lose one.
    return this.repeated(tail, first, count, idAt) ?? wrongRevision(stream, expected, tail.last);
  }

  /** When exactly these events stand from this revision on. */
  private repeated(tail: Tail, from: number, count: number, idAt: (index: number) => string): Repeat | undefined {
    const revision = from + count - 1;
    if (tail.id === null || tail.last < revision) return undefined;
    const rows = this.rows.written(tail.id, from, revision);
    if (!rows.every(({ id }, index) => id === idAt(index))) return undefined;
    return { revision, position: Number(rows.at(-1)?.position) };
  }
}
