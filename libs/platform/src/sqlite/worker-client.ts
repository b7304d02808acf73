import { WorkerGoneError, WorkerThread } from './worker-thread.js';

/** Methods a worker serves: synchronous, as SQLite is. Arguments and answers cross by structured clone. */
// biome-ignore lint/suspicious/noExplicitAny: the one spelling that accepts methods of every signature as a constraint
export type WorkerMethods = Record<string, (...args: any[]) => unknown>;

export interface WorkerOptions {
  /** What the next thread is given when this one dies. Without it none follows: what was in memory is gone. */
  readonly successor?: unknown;
  /** Told that a thread died, or that its successor could not open the file. */
  readonly report?: (why: Error) => void;
}

/** A thread that lived for less is followed after a pause, each one longer, so that dying at once is not done all day. */
const LONG_LIFE_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/**
 * SQLite in Node is synchronous, so every file is worked on in a thread of its own. Calls are answered in the order they
 * were made. A thread that dies (out of memory, a fault in native code) is followed by another on the same file, which
 * SQLite recovers as after any crash; the calls it held are refused, since nobody knows which of them were done.
 */
export class WorkerClient<Methods extends WorkerMethods> {
  private thread: WorkerThread | undefined;
  private gone: WorkerGoneError | undefined;
  private bornAt = 0;
  private pauseMs = 0;
  private next: NodeJS.Timeout | undefined;
  private isOpen = false;
  private isClosed = false;

  private constructor(
    private readonly script: URL,
    private readonly name: string,
    private readonly options: WorkerOptions,
  ) {}

  /** Resolves when the worker has opened what it serves; rejects with the error it met. */
  static async start<Methods extends WorkerMethods>(
    script: URL,
    name: string,
    workerData: unknown,
    options: WorkerOptions = {},
  ): Promise<WorkerClient<Methods>> {
    const client = new WorkerClient<Methods>(script, name, options);
    const first = client.begin(workerData);
    try {
      await first.opened;
      client.isOpen = true;
      return client;
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  /** @throws WorkerGoneError */
  call<Name extends keyof Methods & string>(
    method: Name,
    ...args: Parameters<Methods[Name]>
  ): Promise<ReturnType<Methods[Name]>> {
    const asked = this.thread?.ask(method, args) ?? Promise.reject(this.gone);
    return asked as Promise<ReturnType<Methods[Name]>>;
  }

  /** Calls already made are answered first. Repeatable. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.next);
    this.gone = new WorkerGoneError(`The worker ${this.name} is closed.`, true);
    await this.thread?.close();
  }

  private begin(workerData: unknown): WorkerThread {
    this.bornAt = performance.now();
    this.thread = new WorkerThread(this.script, this.name, workerData, (why) => this.ended(why));
    return this.thread;
  }

  private ended(why: WorkerGoneError): void {
    const { successor, report } = this.options;
    this.thread = undefined;
    if (this.isClosed || !this.isOpen) return;
    this.gone = why;
    report?.(why);
    if (successor === undefined) return;
    const isLongLived = performance.now() - this.bornAt >= LONG_LIFE_MS;
    this.pauseMs = isLongLived ? 0 : Math.min(Math.max(this.pauseMs * 2, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
    if (this.pauseMs === 0) this.begin(successor);
    else this.next = setTimeout(() => this.begin(successor), this.pauseMs);
  }
}
