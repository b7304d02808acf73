import { setTimeout as delay } from 'node:timers/promises';

/** An answer other than 2xx, as the server worded it. */
class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export const isApiError = (error: unknown, status: number): error is Error =>
  error instanceof ApiError && error.status === status;

interface ErrorBody {
  readonly error?: { readonly code?: string; readonly message?: string; readonly param?: string };
}

const TRIES = 8;

/** The running server, spoken to as any other client would. Waits when it is told to (429, 503 with Retry-After). */
export class ApiClient {
  constructor(
    readonly baseUrl: string,
    private readonly credential: string | undefined,
  ) {}

  as(credential: string): ApiClient {
    return new ApiClient(this.baseUrl, credential);
  }

  get<T>(path: string): Promise<T> {
    return this.send<T>('GET', path);
  }

  /** Newline-delimited JSON. */
  async lines<T>(path: string): Promise<readonly T[]> {
    const text = await this.text('GET', path);
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]));
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.send<T>('POST', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.send<T>('PATCH', path, body);
  }

  delete<T>(path: string): Promise<T> {
    return this.send<T>('DELETE', path);
  }

  private async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const text = await this.text(method, path, body);
    return (text === '' ? {} : JSON.parse(text)) as T;
  }

  private async text(method: string, path: string, body?: unknown): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.fetch(method, path, body);
      const text = await response.text();
      if (response.ok) return text;
      const wait = Number(response.headers.get('retry-after'));
      if ((response.status === 429 || response.status === 503) && wait > 0 && attempt < TRIES) {
        await delay(wait * 1000);
        continue;
      }
      throw errorOf(response.status, text, `${method} ${path}`);
    }
  }

  private async fetch(method: string, path: string, body: unknown): Promise<Response> {
    try {
      return await fetch(this.baseUrl + path, {
        method,
        headers: {
          ...(this.credential ? { authorization: `Bearer ${this.credential}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(60_000),
      });
    } catch (cause) {
      throw new Error(
        `No answer from ${this.baseUrl}. Is the server running (npm start)? VERBATIM_URL names another.`,
        {
          cause,
        },
      );
    }
  }
}

function errorOf(status: number, text: string, request: string): ApiError {
  let error: ErrorBody['error'];
  try {
    error = (JSON.parse(text) as ErrorBody).error;
  } catch {
    // Not our error body: a proxy's page, say.
  }
  const where = error?.param ? ` (${error.param})` : '';
  return new ApiError(
    status,
    error?.code ?? 'unknown',
    `${request}: ${status} ${error?.message ?? text.slice(0, 200)}${where}`,
  );
}

/** What every subcommand is given: the server of the options, with the credential asked for or the options' own. */
export type Connect = (credential?: string) => ApiClient;
