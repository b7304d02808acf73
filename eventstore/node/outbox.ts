import type { Writable } from 'node:stream';
import { Frames } from './frames.js';

/** From here on they go at once: a slow receiver is to be noticed before much has gathered. */
const MOST_BYTES = 64 * 1024;

/** What goes out on one call: everything said in one turn of the event loop in one write. */
export class Outbox {
  private messages: Uint8Array[] = [];
  private bytes = 0;

  constructor(private readonly call: Writable & { readonly cancelled: boolean }) {}

  /** False: its receiver is slow, and 'drain' of the call says when it has caught up. */
  send(message: Uint8Array): boolean {
    if (this.messages.length === 0) process.nextTick(() => this.flush());
    this.messages.push(message);
    this.bytes += message.byteLength;
    if (this.bytes >= MOST_BYTES) this.flush();
    return !this.call.writableNeedDrain;
  }

  /** To be called before the call ends. */
  flush(): void {
    const { messages } = this;
    if (messages.length === 0) return;
    this.messages = [];
    this.bytes = 0;
    if (!this.call.cancelled && this.call.writable) this.call.write(new Frames(messages));
  }
}
