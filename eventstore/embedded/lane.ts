import { Worker } from 'node:worker_threads';
import { EventStoreError } from '../port/index.js';
import { thrown } from './refusal.js';
import type { LaneMessage, WorkerMessage } from './serve.js';

/** The thread that held a question died before it answered. */
export class LaneLost extends Error {
  override readonly name = 'LaneLost';
}

/** A way to somebody who answers questions one by one, in order. */
export interface Lane<Question, Answer> {
  /** Questions without an answer yet. */
  readonly pending: number;
  /** @throws LaneLost when the thread died with the question; EventStoreError when it could not open the log. */
  ask(question: Question, transfer?: ArrayBuffer[]): Promise<Answer>;
  /** After everything asked so far was answered. */
  close(): Promise<void>;
}

interface Pending<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A worker thread. One that dies after it had opened is started again at once, so that what it committed but never
 * told is noticed; one that cannot open is started again by the next question.
 */
export class WorkerLane<Question, Answer> implements Lane<Question, Answer> {
  private worker: Worker | undefined;
  private asked: Pending<Answer>[] = [];
  private exited: Promise<void> = Promise.resolve();
  private state: 'open' | 'closing' = 'open';

  constructor(
    private readonly file: URL,
    private readonly data: unknown,
    private readonly report: (error: unknown) => void,
    /** Told the newest position each time the thread has opened the log. */
    private readonly opened: (head: number) => void = () => {},
  ) {}

  get pending(): number {
    return this.asked.length;
  }

  /** Resolves when the log is open, so that trouble shows at once and not at the first use. */
  start(): Promise<void> {
    const worker = this.running();
    return new Promise((resolve, reject) => {
      const settle = (message: WorkerMessage<Answer>): void =>
        message.kind === 'failed' ? reject(thrown(message.refusal)) : resolve();
      worker.once('message', settle);
      worker.once('exit', (code) =>
        reject(new LaneLost(`The worker ended with ${code} before it had opened the log.`)),
      );
    });
  }

  ask(question: Question, transfer: ArrayBuffer[] = []): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const worker = this.running();
      worker.postMessage({ kind: 'ask', question } satisfies LaneMessage<Question>, transfer);
      this.asked.push({ resolve, reject });
    });
  }

  async close(): Promise<void> {
    this.state = 'closing';
    this.worker?.postMessage({ kind: 'close' } satisfies LaneMessage<Question>);
    await this.exited;
  }

  /** Ends the thread where it stands, as a crash would. */
  async kill(): Promise<void> {
    const { exited } = this;
    await this.worker?.terminate();
    await exited;
  }

  private running(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(this.file, { workerData: this.data });
    this.worker = worker;
    this.asked = [];
    const asked = this.asked;
    let cause: unknown;
    let wasReady = false;
    worker.on('message', (message: WorkerMessage<Answer>) => {
      if (message.kind === 'answer') asked.shift()?.resolve(message.answer);
      else if (message.kind === 'ready') {
        wasReady = true;
        this.opened(message.head);
      } else cause = thrown(message.refusal);
    });
    worker.on('error', (error) => {
      cause = error;
    });
    this.exited = new Promise((resolve) => {
      worker.on('exit', (code) => {
        if (this.worker === worker) this.worker = undefined;
        const lost =
          cause instanceof EventStoreError ? cause : new LaneLost(`The worker ended with ${code}.`, { cause });
        if (this.state === 'open') this.report(lost);
        for (const { reject } of asked.splice(0)) reject(lost);
        resolve();
        if (wasReady && this.state === 'open') this.running();
      });
    });
    return worker;
  }
}

/** The same in this thread, for a log in memory: a microtask stands for the way there and back. */
export class InlineLane<Question, Answer> implements Lane<Question, Answer> {
  readonly pending = 0;

  constructor(
    private readonly handle: (question: Question) => Answer,
    private readonly end: () => void = () => {},
  ) {}

  async ask(question: Question): Promise<Answer> {
    return this.handle(question);
  }

  async close(): Promise<void> {
    this.end();
  }
}
