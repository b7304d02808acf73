import { Worker } from 'node:worker_threads';
import { fromWire, type WireError } from './wire-error.js';

/** Methods a worker serves: synchronous, as SQLite is. Arguments and answers cross by structured clone. */
// biome-ignore lint/suspicious/noExplicitAny: the one spelling that accepts methods of every signature as a constraint
export type WorkerMethods = Record<string, (...args: any[]) => unknown>;

export type WorkerAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: WireError };

export interface WorkerCall {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** The id of the message that says the worker has opened its file (or why it could not). */
export const OPENED = 0;

/** The worker is gone: calls under way may or may not have been done, later ones are not. */
export class WorkerGoneError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'WorkerGoneError';
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * SQLite in Node is synchronous, so every file is worked on in a thread of its own. Calls are answered in the order they
 * were made.
 */
export class WorkerClient<Methods extends WorkerMethods> {
  private readonly waiting = new Map<number, Waiting>();
  private readonly exited: Promise<void>;
  private lastId = OPENED;
  private gone: Error | undefined;

  private constructor(
    private readonly worker: Worker,
    private readonly name: string,
  ) {
    this.exited = new Promise((resolve) => {
      worker.once('exit', (code) => {
        this.end(new WorkerGoneError(`The worker ${name} ended with code ${code}.`));
        resolve();
      });
    });
    worker.on('message', (answer: WorkerAnswer) => this.take(answer));
    worker.on('error', (error) => this.end(new WorkerGoneError(`The worker ${name} broke.`, { cause: error })));
  }

  /** Resolves when the worker has opened what it serves; rejects with the error it met. */
  static async start<Methods extends WorkerMethods>(
    script: URL,
    name: string,
    workerData: unknown,
  ): Promise<WorkerClient<Methods>> {
    const client = new WorkerClient<Methods>(new Worker(script, { workerData, name }), name);
    try {
      await new Promise((resolve, reject) => client.waiting.set(OPENED, { resolve, reject }));
      return client;
    } catch (error) {
      await client.exited;
      throw error;
    }
  }

  call<Name extends keyof Methods & string>(
    method: Name,
    ...args: Parameters<Methods[Name]>
  ): Promise<ReturnType<Methods[Name]>> {
    return new Promise((resolve, reject) => {
      if (this.gone) return reject(this.gone);
      this.lastId += 1;
      this.waiting.set(this.lastId, { resolve: resolve as Waiting['resolve'], reject });
      const message: WorkerCall = { id: this.lastId, method, args };
      try {
        this.worker.postMessage(message);
      } catch (error) {
        this.waiting.delete(this.lastId);
        reject(error as Error);
      }
    });
  }

  /** Calls already made are answered first. Repeatable. */
  async close(): Promise<void> {
    if (!this.gone) {
      this.gone = new WorkerGoneError(`The worker ${this.name} is closed.`);
      this.worker.postMessage('close');
    }
    await this.exited;
  }

  private take(answer: WorkerAnswer): void {
    const waiting = this.waiting.get(answer.id);
    if (!waiting) return;
    this.waiting.delete(answer.id);
    if ('error' in answer) waiting.reject(fromWire(answer.error));
    else waiting.resolve(answer.result);
  }

  private end(reason: Error): void {
    this.gone ??= reason;
    const waiting = [...this.waiting.values()];
    this.waiting.clear();
    for (const one of waiting) one.reject(reason);
  }
}
