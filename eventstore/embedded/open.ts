import { join, resolve } from 'node:path';
import { Head } from '../common/head.js';
import { DirectoryLock } from './directory-lock.js';
import { EmbeddedEventStore } from './embedded-event-store.js';
import type { Parts } from './engine.js';
import { InlineLane, WorkerLane } from './lane.js';
import { LogReader } from './log-reader.js';
import { LogWriter } from './log-writer.js';
import type { ReaderAnswer, ReaderQuestion, WriterAnswer, WriterQuestion } from './messages.js';
import { openForWriting, type WriterOptions } from './schema.js';

const LOG_FILE = 'log.db';
const READERS = 2;

interface CommonOptions {
  /** The file grows to this many pages of 4 KiB and no further; appends beyond are refused as `unavailable`. */
  readonly maxPageCount?: number;
  /** Told of trouble that is ridden out inside: a thread that died, a subscription that waits for the store. */
  readonly report?: (error: unknown) => void;
}

export type EmbeddedOptions = CommonOptions & ({ readonly directory: string } | { readonly memory: true });

/** @throws EventStoreError locked | corrupt | unavailable */
export async function openEmbeddedEventStore(options: EmbeddedOptions): Promise<EmbeddedEventStore> {
  if ('memory' in options) return openInMemory(options);
  const directory = resolve(options.directory);
  const lock = DirectoryLock.take(directory);
  try {
    const { maxPageCount, report = () => {} } = options;
    const release = (): void => lock.release();
    return new EmbeddedEventStore(await fileParts(join(directory, LOG_FILE), { maxPageCount, report, release }));
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface FileOptions {
  readonly maxPageCount?: number | undefined;
  readonly report: (error: unknown) => void;
  readonly release: () => void;
}

export interface FileParts extends Parts {
  readonly writer: WorkerLane<WriterQuestion, WriterAnswer>;
  readonly readers: readonly WorkerLane<ReaderQuestion, ReaderAnswer>[];
}

/** The threads of a log whose directory is locked already. */
export async function fileParts(path: string, { maxPageCount, report, release }: FileOptions): Promise<FileParts> {
  const head = new Head();
  const writer = new WorkerLane<WriterQuestion, WriterAnswer>(
    new URL('./writer.worker.js', import.meta.url),
    { path, maxPageCount } satisfies WriterOptions,
    report,
    (position) => head.advance(position),
  );
  const readers = Array.from(
    { length: READERS },
    () =>
      new WorkerLane<ReaderQuestion, ReaderAnswer>(new URL('./reader.worker.js', import.meta.url), { path }, report),
  );
  try {
    await writer.start();
    await Promise.all(readers.map((reader) => reader.start()));
  } catch (error) {
    await Promise.all([...readers, writer].map((lane) => lane.close()));
    throw error;
  }
  return { writer, readers, head, report, release };
}

/** The same engine on one connection in this thread: no files, no threads, nothing left when it is dropped. */
function openInMemory({ maxPageCount, report = () => {} }: CommonOptions): EmbeddedEventStore {
  const db = openForWriting({ path: undefined, maxPageCount });
  const writer = new LogWriter(db, true);
  const reader = new LogReader(db);
  return new EmbeddedEventStore({
    writer: new InlineLane(
      (question: WriterQuestion) => writer.answer(question),
      () => db.close(),
    ),
    readers: [new InlineLane((requests: ReaderQuestion) => requests.map((request) => reader.read(request)))],
    head: new Head(),
    report,
    release: () => {},
  });
}
