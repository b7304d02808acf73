import type { ServerHttp2Stream } from 'node:http2';
import { Metadata, type ServerInterceptingCall, type ServerInterceptingCallInterface } from '@grpc/grpc-js';

/** A byte that says "not compressed" and the length in four, before each message. */
const PREFIX = 5;

/** Messages as they stand on the wire, one after another, already encoded. */
export class Frames {
  readonly bytes: Buffer;

  constructor(messages: readonly Uint8Array[]) {
    let size = 0;
    for (const message of messages) size += PREFIX + message.byteLength;
    const bytes = Buffer.allocUnsafe(size);
    let at = 0;
    for (const message of messages) {
      bytes[at] = 0;
      bytes.writeUInt32BE(message.byteLength, at + 1);
      bytes.set(message, at + PREFIX);
      at += PREFIX + message.byteLength;
    }
    this.bytes = bytes;
  }
}

/** The library keeps it to itself. */
type WithStream = ServerInterceptingCallInterface & { readonly stream: ServerHttp2Stream };

/**
 * Lets a call send many messages with one write. The library writes each by itself and waits for the system before the
 * next, and each then costs its receiver a frame too: that was more than everything else about an event.
 */
export function sendingFrames(_method: unknown, call: ServerInterceptingCallInterface): ServerInterceptingCall {
  const { stream } = call as WithStream;
  const sendOne = call.sendMessage.bind(call);
  call.sendMessage = (message: unknown, sent: () => void): void => {
    if (!(message instanceof Frames)) {
      sendOne(message, sent);
      return;
    }
    // Nobody listens any more; the call hears of that by itself.
    if (stream.destroyed || stream.closed) return;
    // Only the first time does this send anything.
    call.sendMetadata(new Metadata());
    stream.write(message.bytes, (error) => {
      if (!error) sent();
    });
  };
  return call as ServerInterceptingCall;
}
