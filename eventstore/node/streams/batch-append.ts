import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { EventData } from '../../port/index.js';
import type { Gate } from '../access.js';
import { MAX_APPEND_SIZE } from '../errors.js';
import type { Frames } from '../frames.js';
import type { Expected, NodeLog } from '../log/node-log.js';
import { Outbox } from '../outbox.js';
import { batchAppendFailed, batchAppendSucceeded, correlationField, streamField } from './append-answers.js';
import type { AppendOptions, BatchMessage, Flaw } from './append-requests.js';
import { accessDenied, badRequest, refusalStatus, timeout, tooLarge } from './batch-errors.js';
import { encodeStructured, readUuid } from './proto/uuid.js';

export type BatchCall = ServerDuplexStream<BatchMessage, Frames>;

/** One append of the call, complete or not. */
interface Batch {
  readonly correlation: Buffer;
  readonly stream: string;
  readonly expected: Expected;
  readonly events: EventData[];
  /** Of data and metadata so far. */
  bytes: number;
  timer: NodeJS.Timeout | undefined;
}

/** Bytes of appends under way from which on no more are taken from the caller. */
const MOST_UNDER_WAY = 16 * 1024 * 1024;
const LONGEST_TIMER = 2 ** 31 - 1;
/** What .NET says on such occasions. */
const NOTHING_THERE = 'Object reference not set to an instance of an object.';
const NO_KEY = 'The given key was not present in the dictionary.';
const THREW = 'Exception was thrown by handler.';

const streamFields = new Map<string, Buffer>();

function streamFieldOf(stream: string): Buffer {
  const known = streamFields.get(stream);
  if (known) return known;
  if (streamFields.size >= 10_000) streamFields.clear();
  const field = streamField(stream);
  streamFields.set(stream, field);
  return field;
}

/**
 * Appends on one long call, each answered when it is written, in whatever order that is: answers are matched by
 * correlation id. Errors are answers too, the call itself goes on.
 */
export class BatchAppend {
  private readonly open = new Map<string, Batch>();
  private readonly outbox: Outbox;
  private underWay = 0;
  private bytes = 0;
  private isHalfClosed = false;
  private mayWrite = false;
  private finished: () => void = () => {};

  constructor(
    private readonly call: BatchCall,
    private readonly log: NodeLog,
    private readonly report: (error: unknown) => void,
  ) {
    this.outbox = new Outbox(call);
  }

  /** @throws NodeError when the caller is not let in */
  async run(gate: Gate): Promise<void> {
    const { call } = this;
    call.pause();
    this.mayWrite = (await gate.admit(call)).mayWrite;
    const over = new Promise<void>((resolve, reject) => {
      call.on('data', (message: BatchMessage) => this.take(message));
      call.on('end', () => {
        this.isHalfClosed = true;
        if (this.underWay === 0) resolve();
      });
      call.on('cancelled', resolve);
      call.on('error', reject);
      this.finished = resolve;
    });
    call.resume();
    await over;
    this.outbox.flush();
    for (const { timer } of this.open.values()) clearTimeout(timer);
  }

  private take(message: BatchMessage): void {
    const { correlation, options, events, isFinal } = message;
    const key = correlation.toString('latin1');
    const batch = options ? this.begin(correlation, options) : this.open.get(key);
    // Refused already, and this is the rest of it.
    if (!batch) return;
    const refused = add(batch, events);
    if (refused) {
      this.forget(key, batch);
      this.refuse(correlation, batch.stream, refused);
    } else if (isFinal) {
      this.forget(key, batch);
      this.write(batch);
    } else if (options) this.wait(key, batch, options.deadline);
  }

  /** Undefined when it was refused. */
  private begin(correlation: Buffer, { stream, expected, deadline }: AppendOptions): Batch | undefined {
    if (!this.mayWrite) this.refuse(correlation, stream ?? '', accessDenied());
    else if (stream === undefined) this.refuse(correlation, '', badRequest(NOTHING_THERE));
    else if (stream === '' || expected === undefined) this.refuse(correlation, stream, badRequest(THREW));
    else if (deadline !== undefined && deadline <= Date.now()) this.expire(correlation, stream);
    else return { correlation, stream, expected, events: [], bytes: 0, timer: undefined };
    return undefined;
  }

  private write(batch: Batch): void {
    const { correlation, stream, expected, events, bytes } = batch;
    this.underWay += 1;
    this.bytes += bytes;
    if (this.bytes > MOST_UNDER_WAY) this.call.pause();
    this.log
      .append(stream, expected, events)
      .then(
        (appended) => this.answer(batchAppendSucceeded(correlationField(correlation), streamFieldOf(stream), appended)),
        (error: unknown) => {
          const status = refusalStatus(error, expected);
          if (!status) this.report(error);
          this.refuse(correlation, stream, status ?? badRequest(THREW));
        },
      )
      .finally(() => {
        this.underWay -= 1;
        this.bytes -= bytes;
        if (this.bytes <= MOST_UNDER_WAY && this.call.isPaused()) this.call.resume();
        if (this.isHalfClosed && this.underWay === 0) this.finished();
      });
  }

  /** An append that is not complete in time is answered and forgotten. */
  private wait(key: string, batch: Batch, deadline: number | undefined): void {
    this.open.set(key, batch);
    if (deadline === undefined) return;
    batch.timer = setTimeout(
      () => {
        this.open.delete(key);
        this.expire(batch.correlation, batch.stream);
      },
      Math.min(deadline - Date.now(), LONGEST_TIMER),
    );
  }

  private forget(key: string, { timer }: Batch): void {
    if (timer) clearTimeout(timer);
    this.open.delete(key);
  }

  private refuse(correlation: Buffer, stream: string, status: Uint8Array): void {
    this.answer(batchAppendFailed(correlationField(correlation), streamFieldOf(stream), status));
  }

  /** The one answer in which the real server writes the id its own way. */
  private expire(correlation: Buffer, stream: string): void {
    const uuid = readUuid(correlation);
    const structured = uuid === undefined ? correlation : encodeStructured(uuid);
    this.answer(batchAppendFailed(correlationField(structured), streamFieldOf(stream), timeout()));
  }

  private answer(message: Buffer): void {
    this.outbox.send(message);
  }
}

/** Answers why the append is refused, if it is. */
function add(batch: Batch, events: readonly (EventData | Flaw)[]): Uint8Array | undefined {
  for (const event of events) {
    if (typeof event === 'string') return badRequest(event === 'no-id' ? NOTHING_THERE : NO_KEY);
    batch.bytes += event.data.byteLength + event.metadata.byteLength;
    if (batch.bytes > MAX_APPEND_SIZE) return tooLarge();
    batch.events.push(event);
  }
  return undefined;
}
