import { until } from './until.js';

/** An answer as a caller sees it. */
export interface Answer<Body = Record<string, never>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of many shapes; the assertions are their types
type Json = any;

/** Speaks HTTP as a caller would: base URL and one credential, nothing of the server's code. */
export class Caller {
  constructor(
    readonly baseUrl: string,
    private readonly credential: string | undefined,
  ) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Answer<Json>> {
    return this.send('GET', path, undefined, headers);
  }

  /**
   * A list as somebody reads it who heeds `503 projection_lagging`: after a kill on shared stores nobody projects until the
   * dead process's lease has run out. Every other answer is given back as it is.
   */
  list(path: string): Promise<Answer<Json>> {
    return until(
      () => this.get(path),
      ({ status, body }) => !(status === 503 && body.error.code === 'projection_lagging'),
      60_000,
      100,
    );
  }

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<Json>> {
    return this.send('POST', path, body, headers);
  }

  patch(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer<Json>> {
    return this.send('PATCH', path, body, headers);
  }

  delete(path: string, headers: Record<string, string> = {}): Promise<Answer<Json>> {
    return this.send('DELETE', path, undefined, headers);
  }

  /** `body` as text goes out as it is; anything else as JSON. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Json>> {
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: {
        ...(this.credential ? { authorization: `Bearer ${this.credential}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') && !text.includes('\n{');
    return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
  }
}
