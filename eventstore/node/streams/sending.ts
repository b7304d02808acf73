import type { ServerWritableStream } from '@grpc/grpc-js';

/** What goes out is encoded already: the service's definition passes bytes through. */
export type ReadCall<Request> = ServerWritableStream<Request, Buffer>;

/** The caller's side of a stream of answers: sends as fast as the caller takes them, and knows when nobody listens. */
export class Sending<Request> {
  private readonly ended = new AbortController();
  private wake: (() => void) | undefined;

  constructor(private readonly call: ReadCall<Request>) {
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
    return this.isOver || this.call.write(message);
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
