import { type AppendResult, type EventData, EventStoreError } from '../port/index.js';
import { type Lane, LaneLost } from './lane.js';
import type { AppendGroup, WriterAnswer, WriterQuestion } from './messages.js';
import { thrown } from './refusal.js';
import { packEvents } from './wire.js';

/** One group is written while the next is packed: more in flight would only make the groups smaller. */
const IN_FLIGHT = 2;
const GROUP_APPENDS = 1_024;
const GROUP_BYTES = 8 * 1024 * 1024;

/** Of an append below the port: `isRepeat` when its ids stood there already, whatever else it says. */
export interface Appended extends AppendResult {
  readonly isRepeat: boolean;
}

/** An append that stands in the log. */
export interface Committed {
  readonly stream: string;
  readonly events: readonly EventData[];
  /** Revision and position of the last of them, which have the ones before it in front of them without a gap. */
  readonly revision: number;
  readonly position: number;
  readonly created: number;
}

/** Told of what happens to the log before anybody is answered. */
export interface CommitListener {
  /** The newest position, and what was appended, in the order of the log; undefined: something else was done. */
  committed(head: number, appends: readonly Committed[] | undefined): void;
  /** Nobody knows whether something was written. */
  lost(): void;
}

interface Settle {
  readonly resolve: (result: Appended) => void;
  readonly reject: (error: unknown) => void;
}

interface QueuedAppend extends Settle {
  readonly kind: 'append';
  readonly stream: string;
  readonly expected: number;
  readonly events: readonly EventData[];
  readonly bytes: number;
}

interface QueuedOther extends Settle {
  readonly kind: 'other';
  readonly question: Exclude<WriterQuestion, AppendGroup>;
}

type Queued = QueuedAppend | QueuedOther;

const NOWHERE: Appended = { revision: 0n, position: 0n, isRepeat: false };

/** Gathers what callers ask while the writer is busy, sends it as one group, and gives each caller its own answer. */
export class CommitQueue {
  private queue: Queued[] = [];
  private inFlight = 0;
  private scheduled: NodeJS.Immediate | undefined;
  private idle: (() => void)[] = [];

  constructor(
    private readonly lane: Lane<WriterQuestion, WriterAnswer>,
    private readonly listener: CommitListener,
  ) {}

  append(stream: string, expected: number, events: readonly EventData[], bytes: number): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.enqueue({ kind: 'append', stream, expected, events, bytes, resolve, reject });
    });
  }

  /** Revision and position are those of the record it wrote, if it did. */
  ask(question: Exclude<WriterQuestion, AppendGroup>): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      this.enqueue({ kind: 'other', question, resolve, reject });
    });
  }

  /** Resolves when everything queued so far was answered. */
  async drain(): Promise<void> {
    if (this.inFlight === 0 && this.queue.length === 0) return;
    await new Promise<void>((resolve) => {
      this.idle.push(resolve);
    });
  }

  private enqueue(entry: Queued): void {
    this.queue.push(entry);
    this.schedule();
  }

  /** After this turn of the event loop, so that everything asked in it travels together. */
  private schedule(): void {
    this.scheduled ??= setImmediate(() => {
      this.scheduled = undefined;
      this.flush();
    });
  }

  private flush(): void {
    while (this.inFlight < IN_FLIGHT && this.queue.length > 0) {
      const first = this.queue[0]!;
      if (first.kind === 'other') {
        this.queue.shift();
        this.send(first.question, [first], []);
      } else {
        const group = this.nextGroup();
        const question = pack(group);
        this.send(question, group, [question.events.bytes.buffer]);
      }
    }
    if (this.inFlight === 0) for (const resolve of this.idle.splice(0)) resolve();
  }

  private nextGroup(): QueuedAppend[] {
    const group: QueuedAppend[] = [];
    let bytes = 0;
    for (const entry of this.queue) {
      if (entry.kind !== 'append' || group.length >= GROUP_APPENDS) break;
      if (group.length > 0 && bytes + entry.bytes > GROUP_BYTES) break;
      bytes += entry.bytes;
      group.push(entry);
    }
    this.queue = this.queue.slice(group.length);
    return group;
  }

  private send(question: WriterQuestion, entries: readonly Queued[], transfer: ArrayBuffer[]): void {
    this.inFlight += 1;
    this.lane
      .ask(question, transfer)
      .then(
        (answer) => {
          this.listener.committed(
            answer.head,
            question.kind === 'append' ? committed(question, entries, answer) : undefined,
          );
          this.settle(entries, answer);
        },
        (error: unknown) => {
          this.listener.lost();
          const why = error instanceof LaneLost ? lost(error) : error;
          for (const { reject } of entries) reject(why);
        },
      )
      .finally(() => {
        this.inFlight -= 1;
        this.schedule();
      });
  }

  private settle(entries: readonly Settle[], { results, repeats = [], refusals }: WriterAnswer): void {
    const refused = new Map(refusals);
    for (const [index, { resolve, reject }] of entries.entries()) {
      const why = refused.get(index);
      if (why) reject(thrown(why));
      else if (results.length === 0) resolve(NOWHERE);
      else
        resolve({
          revision: BigInt(results[index * 2]!),
          position: BigInt(results[index * 2 + 1]!),
          isRepeat: repeats.includes(index),
        });
    }
  }
}

function pack(group: readonly QueuedAppend[]): AppendGroup {
  return {
    kind: 'append',
    created: Date.now(),
    streams: group.map(({ stream }) => stream),
    expected: Float64Array.from(group, ({ expected }) => expected),
    counts: Uint32Array.from(group, ({ events }) => events.length),
    events: packEvents(group.flatMap(({ events }) => events)),
  };
}

function committed(
  { created }: AppendGroup,
  entries: readonly Queued[],
  { results, repeats = [], refusals }: WriterAnswer,
): Committed[] {
  const unwritten = new Set([...repeats, ...refusals.map(([index]) => index)]);
  const found: Committed[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry.kind !== 'append' || entry.events.length === 0 || unwritten.has(index)) continue;
    const { stream, events } = entry;
    found.push({ stream, events, revision: results[index * 2]!, position: results[index * 2 + 1]!, created });
  }
  return found;
}

const lost = (cause: LaneLost): EventStoreError =>
  new EventStoreError(
    'unknown_outcome',
    'The writer ended while it held this call, which may or may not have been written: read and compare.',
    {},
    { cause },
  );
