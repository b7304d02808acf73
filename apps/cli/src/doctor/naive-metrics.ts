import {
  changerOf,
  editedNode,
  type Fields,
  fieldsOf,
  isByCandidate,
  isLookedUp,
  type RecordedEvent,
  runOf,
} from './recorded-event.js';

/** Numerator and denominator: nothing is divided before the end. */
export type Fraction = readonly [bigint, bigint];

export interface NaiveMetrics {
  readonly durationMs: Fraction | null;
  readonly promptCount: Fraction | null;
  readonly commandFailRate: Fraction | null;
  readonly verifyIntensity: Fraction | null;
  readonly manualEditRatio: Fraction | null;
  readonly firstChangeLatencyMs: Fraction | null;
  /** Null when no test was run. */
  readonly lastTestPassed: boolean | null;
}

const fraction = (numerator: number, denominator = 1): Fraction | null =>
  denominator === 0 ? null : [BigInt(numerator), BigInt(denominator)];

const count = <Item>(items: readonly Item[], holds: (item: Item, index: number) => boolean): number =>
  items.filter(holds).length;

/**
 * A session's metrics by looking through its whole record again for each of them, as their definitions read. Written
 * apart from what the server carries along, so that the two can be held against each other. Undefined: it is not
 * submitted, so it is in no cohort.
 */
export function naiveMetrics(record: readonly RecordedEvent[]): NaiveMetrics | undefined {
  const ending = record.findLast(({ type }) => type === 'task_submitted' || type === 'session_reopened');
  const start = record.find(({ type }) => type === 'task_started');
  if (ending?.type !== 'task_submitted') return undefined;
  const startedAt = start ? start.timestampMs : null;
  const events = record.filter(({ late, phase }) => phase !== null && !late);
  const runs = events.map(runOf).filter((run): run is Fields => run !== undefined);
  const commands = runs.filter(({ kind }) => kind === 'command');
  const tests = runs.filter(({ kind }) => kind === 'test');
  const changes = { candidate: changesBy(events, 'candidate', start), ai: changesBy(events, 'ai', start) };
  const first = events.find(changerOf);
  return {
    durationMs: startedAt === null ? null : fraction(Math.max(0, ending.timestampMs - startedAt)),
    promptCount: fraction(count(events, isPrompt)),
    commandFailRate: fraction(
      count(commands, ({ ok, exitCode }) => ok === false || (typeof exitCode === 'number' && exitCode !== 0)),
      commands.length,
    ),
    verifyIntensity: fraction(
      tests.length + count(commands, ({ verify }) => verify === true) + count(events, verifiesAnAnswer(events)),
      bundles(events),
    ),
    manualEditRatio: fraction(changes.candidate, changes.candidate + changes.ai),
    firstChangeLatencyMs:
      first && startedAt !== null ? fraction(Math.max(0, occurredAt(first, start) - startedAt)) : null,
    lastTestPassed: tests.length === 0 ? null : passed(tests.at(-1)?.['tests']),
  };
}

const isPrompt = ({ type, data: { kind = null, actor = null, charCount }, via }: RecordedEvent): boolean =>
  type === 'user_message' &&
  via !== 'system' &&
  (kind === null || kind === 'prompt') &&
  (actor === null || actor === 'candidate') &&
  typeof charCount === 'number' &&
  charCount > 0;

const passed = (tests: unknown): boolean => {
  const { passed, failed }: Fields = fieldsOf(tests) ?? {};
  return failed === 0 && typeof passed === 'number' && passed > 0;
};

/** The client's word between the start of the task (once it is known) and the moment the server had it. */
const occurredAt = ({ seq, timestampMs, createdAt }: RecordedEvent, start: RecordedEvent | undefined): number => {
  const atMost = Math.min(timestampMs, Date.parse(createdAt));
  return start && start.seq < seq ? Math.max(atMost, start.timestampMs) : atMost;
};

const changesBy = (
  events: readonly RecordedEvent[],
  side: 'candidate' | 'ai',
  start: RecordedEvent | undefined,
): number => {
  const changes = events.filter((event) => changerOf(event) === side);
  const edits = changes.flatMap((event) => {
    const node = editedNode(event);
    return node === undefined ? [] : [{ node, at: occurredAt(event, start) }];
  });
  const goesOn = (index: number): boolean => {
    const { node } = edits[index]!;
    const before = edits.findLastIndex((edit, place) => place < index && edit.node === node);
    return before >= 0 && edits.slice(before + 1, index + 1).every(({ at }) => Math.abs(at - edits[before]!.at) < 2000);
  };
  return changes.length - count(edits, (_, index) => goesOn(index));
};

/** Opened after an answer of the AI, with no change since that answer. */
const verifiesAnAnswer =
  (events: readonly RecordedEvent[]) =>
  (event: RecordedEvent, index: number): boolean => {
    if (!isLookedUp(event)) return false;
    const before = events.slice(0, index);
    const answered = before.findLastIndex(({ type }) => type === 'ai_response');
    return answered >= 0 && !before.slice(answered).some(changerOf);
  };

/** Runs of AI changes: each begins with one before which the candidate acted since the AI change before. */
const bundles = (events: readonly RecordedEvent[]): number => {
  const telling = events.filter((event) => changerOf(event) === 'ai' || isByCandidate(event));
  return count(
    telling,
    (event, index) => changerOf(event) === 'ai' && (index === 0 || changerOf(telling[index - 1]!) !== 'ai'),
  );
};
