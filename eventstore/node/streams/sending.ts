import type { ServerWritableStream } from '@grpc/grpc-js';
import type { Frames } from '../frames.js';
import { Outbox } from '../outbox.js';

export type ReadCall<Request> = ServerWritableStream<Request, Frames>;

/** The caller's side of a stream of answers: sends as fast as the caller takes them, and knows when nobody listens. */
export class Sending<Request> {
  private readonly ended = new AbortController();
  private readonly outbox: Outbox;
  private wake: (() => void) | undefined;

  constructor(private readonly call: ReadCall<Request>) {
    this.outbox = new Outbox(call);
    const end = (): void => {
      this.ended.abort();
      this.wake?.();
    };
    call.on('cancelled', end);
    call.on('close', end);
    call.on('drain', () => this.wake?.());
  }

  /** Aborts when the caller has gone. */
  get signal(): AbortSignal {
    return this.ended.signal;
  }

  get isOver(): boolean {
    return this.ended.signal.aborted || this.call.cancelled;
  }

  /** False: wait for `drained` before sending more. */
  send(message: Buffer): boolean {
    return this.isOver || this.outbox.send(message);
  }

  /** Sends what is left; nothing is sent after it. */
  finish(): void {
    this.outbox.flush();
  }

  drained(): Promise<void> {
    return new Promise((resolve) => {
      if (this.isOver || !this.call.writableNeedDrain) resolve();
      else
        this.wake = () => {
          this.wake = undefined;
          resolve();
        };
    });
  }
}
