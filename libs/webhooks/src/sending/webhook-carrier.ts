import { type ClientRequest, request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Addresses, hostOf, RefusedAddress } from './addresses.js';

/** From the first look at the name to the last byte of the answer's head. */
const ANSWER_MS = 10_000;

export interface Call {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Why a call was not taken: short, without address or content. */
export class CallFailed extends Error {
  constructor(
    readonly reason: string,
    cause?: unknown,
  ) {
    super(reason, cause === undefined ? undefined : { cause });
    this.name = 'CallFailed';
  }
}

/**
 * Posts to an address. 2xx is taken; a redirect is not followed, it may lead anywhere. The name is looked up once and the
 * connection goes to what was found and judged (`lookup` answers it from there): nothing can change in between.
 */
@Injectable()
export class WebhookCarrier {
  constructor(private readonly addresses: Addresses) {}

  /** @throws CallFailed */
  async carry(call: Call, stopping?: AbortSignal, withinMs = ANSWER_MS): Promise<void> {
    const late = AbortSignal.timeout(withinMs);
    const signal = stopping ? AbortSignal.any([late, stopping]) : late;
    try {
      const status = await this.post(call, signal);
      if (status >= 300 && status < 400) throw new CallFailed(`redirect ${status}`);
      if (status < 200 || status >= 300) throw new CallFailed(`http ${status}`);
    } catch (error) {
      if (error instanceof CallFailed) throw error;
      throw new CallFailed(late.aborted ? 'no answer in time' : reasonOf(error), error);
    }
  }

  private async post({ url: text, headers, body }: Call, signal: AbortSignal): Promise<number> {
    const url = new URL(text);
    const found = await raced(this.addresses.resolve(hostOf(url)), signal);
    const lookup: LookupFunction = (_, { all }, answer) => {
      const [first] = found;
      if (all) answer(null, [...found]);
      else answer(null, first!.address, first!.family);
    };
    const options: RequestOptions = {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      // A connection of its own: one kept open would have been judged another time.
      agent: false,
      lookup,
      signal,
    };
    return answerOf(url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options), body);
  }
}

/** The answer's status; its body is nobody's concern and may be endless. */
const answerOf = (request: ClientRequest, body: string): Promise<number> =>
  new Promise((resolve, reject) => {
    request.once('response', (response) => {
      resolve(response.statusCode ?? 0);
      response.on('error', () => {});
      response.destroy();
    });
    // Also after the answer: what breaks then breaks for nobody, but must be listened to.
    request.on('error', reject);
    request.end(body);
  });

const raced = <Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> =>
  new Promise((resolve, reject) => {
    const ended = () => reject(signal.reason);
    if (signal.aborted) return ended();
    signal.addEventListener('abort', ended, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', ended));
  });

const reasonOf = (error: unknown): string => {
  if (error instanceof RefusedAddress) return 'refused address';
  const code = (error as { code?: unknown }).code;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name not found';
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (typeof code === 'string' && /CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code)) return 'certificate not trusted';
  return 'connection broke';
};
