import { constants, type ServerHttp2Stream } from 'node:http2';
import type { ServerInterceptingCall, ServerInterceptingCallInterface, ServerMethodDefinition } from '@grpc/grpc-js';

/** The library keeps it to itself, and offers no other way to end a call without a status. */
type WithStream = ServerInterceptingCallInterface & { readonly stream?: ServerHttp2Stream };

/**
 * Calls that stay open, which are subscriptions for the most part. A real server that stops resets them without a status,
 * and clients know that from the end of a stream and from their own cancelling.
 */
export class OpenCalls {
  private readonly streams = new Set<ServerHttp2Stream>();

  /** Looks on, and lets the call pass as it is: nothing is put in the way of its messages. */
  readonly interceptor = (
    { responseStream }: ServerMethodDefinition<unknown, unknown>,
    call: ServerInterceptingCallInterface,
  ): ServerInterceptingCall => {
    const { stream } = call as WithStream;
    if (responseStream && stream) {
      this.streams.add(stream);
      stream.once('close', () => this.streams.delete(stream));
    }
    return call as ServerInterceptingCall;
  };

  reset(): void {
    for (const stream of this.streams) stream.close(constants.NGHTTP2_NO_ERROR);
  }
}
