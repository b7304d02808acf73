import { Worker } from 'node:worker_threads';
import { fromWire } from './wire-error.js';
import { OPENED, type WorkerAnswer, type WorkerCall } from './worker-messages.js';

/** The thread is gone. A call that it held may or may not have been done, later ones were not. */
export class WorkerGoneError extends Error {
  override readonly name = 'WorkerGoneError';

  constructor(
    message: string,
    /** By whoever owned it. */
    readonly isClosed: boolean,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** One life of a worker. What is asked before it has opened its file is answered after. */
export class WorkerThread {
  /** Rejects with the error that it met. */
  readonly opened: Promise<unknown>;
  private readonly waiting = new Map<number, Waiting>();
  private readonly worker: Worker;
  private readonly exited: Promise<void>;
  private lastId = OPENED;
  private gone: WorkerGoneError | undefined;
  private cause: unknown;

  constructor(
    script: URL,
    private readonly name: string,
    workerData: unknown,
    /** Once, after everybody who waited was told. */
    ended: (why: WorkerGoneError) => void,
  ) {
    this.worker = new Worker(script, { workerData, name });
    this.opened = new Promise((resolve, reject) => this.waiting.set(OPENED, { resolve, reject }));
    // Who waits for it to open hears of it there; nobody need.
    this.opened.catch(() => {});
    this.worker.on('message', (answer: WorkerAnswer) => this.take(answer));
    this.worker.on('error', (error) => {
      this.cause = error;
    });
    this.exited = new Promise((resolve) => {
      this.worker.once('exit', (code) => {
        resolve();
        ended(this.end(code));
      });
    });
  }

  ask(method: string, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.gone) return reject(this.gone);
      this.lastId += 1;
      this.waiting.set(this.lastId, { resolve, reject });
      const message: WorkerCall = { id: this.lastId, method, args };
      try {
        this.worker.postMessage(message);
      } catch (error) {
        this.waiting.delete(this.lastId);
        reject(error as Error);
      }
    });
  }

  /** Calls already made are answered first. */
  async close(): Promise<void> {
    this.gone ??= new WorkerGoneError(`The worker ${this.name} is closed.`, true);
    this.worker.postMessage('close');
    await this.exited;
  }

  private take(answer: WorkerAnswer): void {
    const waiting = this.waiting.get(answer.id);
    if (!waiting) return;
    this.waiting.delete(answer.id);
    if ('error' in answer) {
      const error = fromWire(answer.error);
      if (answer.id === OPENED) this.cause = error;
      waiting.reject(error);
    } else waiting.resolve(answer.result);
  }

  private end(code: number): WorkerGoneError {
    const { name, cause } = this;
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    this.gone ??= new WorkerGoneError(`The worker ${name} ended with code ${code}${why}.`, false, { cause });
    for (const { reject } of this.waiting.values()) reject(this.gone);
    this.waiting.clear();
    return this.gone;
  }
}
