import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isVerbatimError } from '#platform';
import { Authenticator } from './authenticator.js';
import { credentialOf } from './credential.js';

/** One Server-Sent Event; `data` is written as JSON, in one line. */
export interface ServerEvent {
  /** What a reader sends back as `Last-Event-ID` to go on after this one. */
  readonly id: string;
  readonly event?: string;
  readonly data: unknown;
}

/** How long a credential that was found good passes for good while events flow. */
const ADMITTED_MS = 1000;

/** Where to go on from: the header a browser sends by itself on reconnecting wins over `?after=`. */
export const resumeAfter = (request: FastifyRequest, after: string | undefined): string | undefined => {
  const header = request.headers['last-event-id'];
  return typeof header === 'string' && header !== '' ? header : after;
};

/**
 * Server-Sent Events (W10, W16). Check everything that can be refused before calling `send`: afterwards the answer is 200.
 * The handler takes `@Res() reply` and returns what `send` returns.
 */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  /** Specs shorten it. */
  heartbeatMs = 15_000;
  private readonly open = new Set<AbortController>();

  constructor(private readonly authenticator: Authenticator) {}

  /**
   * Writes what `source` yields until the reader goes, the server stops, or the source ends. The next event is asked for
   * only when the reader has taken the last: a slow reader costs one event of memory. The signal ends the source. It ends
   * too when the credential holds no more: with the next event a second later, or with the next heartbeat.
   */
  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    source: (signal: AbortSignal) => AsyncIterable<ServerEvent>,
  ): Promise<void> {
    const ended = new AbortController();
    reply.hijack();
    const { raw } = reply;
    // It left while the stream was being looked up: its close was told already, and nothing would ever end the source.
    if (raw.destroyed) return;
    raw.on('close', () => ended.abort());
    raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Nothing comes after a stream on its connection, and a kept one would hold up the server's stop.
      connection: 'close',
      'x-accel-buffering': 'no',
    });
    if (request.method === 'HEAD') {
      raw.end();
      return;
    }
    raw.write(': open\n\n');
    const heartbeat = setInterval(() => {
      if (!raw.writableNeedDrain) raw.write(': heartbeat\n\n');
      void this.endWhenRefused(request, ended);
    }, this.heartbeatMs);
    this.open.add(ended);
    let admittedAt = performance.now();
    try {
      for await (const event of source(ended.signal)) {
        if (performance.now() - admittedAt > ADMITTED_MS) {
          await this.endWhenRefused(request, ended);
          admittedAt = performance.now();
        }
        if (ended.signal.aborted) break;
        if (!raw.write(frame(event))) await drained(raw, ended.signal);
      }
    } catch (error) {
      if (!ended.signal.aborted) request.log.error({ err: error }, 'An event stream broke off.');
    } finally {
      clearInterval(heartbeat);
      this.open.delete(ended);
      ended.abort();
      raw.end();
    }
  }

  /** Only a refusal ends a stream; when it cannot be asked for now, the next time will tell. */
  private async endWhenRefused(request: FastifyRequest, ended: AbortController): Promise<void> {
    try {
      const credential = credentialOf(request);
      if (credential !== undefined) await this.authenticator.authenticate(credential, request.ip);
    } catch (error) {
      if (isVerbatimError(error) && error.type === 'authentication') ended.abort();
    }
  }

  /** Readers would keep the server from stopping; they come back with `Last-Event-ID`. */
  beforeApplicationShutdown(): void {
    for (const stream of this.open) stream.abort();
  }
}

const frame = ({ id, event, data }: ServerEvent): string =>
  `${event ? `event: ${event}\n` : ''}id: ${id}\ndata: ${JSON.stringify(data)}\n\n`;

/** Ends also when the reader goes without ever draining. */
const drained = (raw: ServerResponse, signal: AbortSignal): Promise<unknown> =>
  once(raw, 'drain', { signal }).catch(() => undefined);
