import OpenAI from 'openai';
import type { ScoringModel } from '#platform';
import { JudgeError } from '../judge-error.js';
import { ANSWER_SCHEMA } from './answer.js';

export interface Said {
  /** Null when it refused or said nothing. */
  readonly content: string | null;
  readonly refused: boolean;
  /** It was cut off before its end. */
  readonly cut: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The library waits as long as a server asks for up to this, and by its own guess beyond it. */
const LONGEST_WAIT_MS = 60_000;

/**
 * A server that speaks OpenAI's chat completions. Tries again on 408, 409, 429, 5xx and broken connections are the library's,
 * with the server's `Retry-After`, and nobody else's: repeated here once more they would multiply.
 */
export class ChatServer {
  private readonly client: OpenAI;

  constructor(private readonly settings: ScoringModel) {
    this.client = new OpenAI({
      // The library insists on one; servers that want none do not look at it.
      apiKey: settings.apiKey ?? 'none',
      baseURL: settings.baseUrl ?? null,
      organization: null,
      project: null,
      timeout: settings.timeoutMs,
      maxRetries: settings.retries,
      logLevel: 'off',
      fetch: politeFetch,
    });
  }

  /** @throws JudgeError when the server cannot be asked; the signal's reason when it is aborted */
  async ask(messages: readonly OpenAI.ChatCompletionMessageParam[], signal: AbortSignal): Promise<Said> {
    signal.throwIfAborted();
    try {
      const completion = await this.client.chat.completions.create(
        {
          model: this.settings.model,
          messages: [...messages],
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'criterion_score', strict: true, schema: { ...ANSWER_SCHEMA } },
          },
        },
        { signal },
      );
      return said(completion);
    } catch (error) {
      signal.throwIfAborted();
      // A body that is no JSON: an answer that cannot be taken, not a server that cannot be reached.
      if (error instanceof SyntaxError)
        return { content: null, refused: false, cut: true, inputTokens: 0, outputTokens: 0 };
      throw judgeError(error);
    }
  }
}

/** Nothing of it is taken for granted: it comes from any server that calls itself compatible. */
const said = (completion: Partial<OpenAI.ChatCompletion> | null | undefined): Said => {
  const choice = completion?.choices?.[0];
  const message: Partial<OpenAI.ChatCompletionMessage> | undefined = choice?.message;
  const content = message?.content;
  return {
    content: typeof content === 'string' ? content : null,
    refused: typeof message?.refusal === 'string' || choice?.finish_reason === 'content_filter',
    cut: choice === undefined || choice.finish_reason === 'length',
    inputTokens: count(completion?.usage?.prompt_tokens),
    outputTokens: count(completion?.usage?.completion_tokens),
  };
};

const count = (tokens: unknown): number => (typeof tokens === 'number' && tokens > 0 ? tokens : 0);

/** In words of ours: a server's own may hold half of a key. */
const WHY: Readonly<Record<number, string>> = {
  400: ': it does not take such a request',
  401: ': it refuses the key',
  403: ': it refuses the key',
  404: ': it knows no such model or address',
};

const judgeError = (error: unknown): JudgeError => {
  if (!(error instanceof OpenAI.APIError))
    return new JudgeError('unavailable', 'The model could not be asked.', null, { cause: error });
  const { status } = error;
  if (status === undefined) {
    const how = error instanceof OpenAI.APIConnectionTimeoutError ? 'did not answer in time' : 'could not be reached';
    return new JudgeError('unavailable', `The model's server ${how}.`, null, { cause: error });
  }
  const again = status === 408 || status === 409 || status === 429 || status >= 500;
  return new JudgeError(
    again ? 'unavailable' : 'refused',
    `The model's server answered ${status}${again ? '' : (WHY[status] ?? '')}.`,
    waitIn(error.headers),
    { cause: error },
  );
};

/** What the server asks for, in milliseconds. */
const waitIn = (headers: Headers | undefined): number | null => {
  const ms = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (ms >= 0) return ms;
  const text = headers?.get('retry-after') ?? '';
  const seconds = /^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number.parseFloat(text) : (Date.parse(text) - Date.now()) / 1000;
  return seconds >= 0 ? Math.round(seconds * 1000) : null;
};

/** Asked for more than the library waits, it would try too early: then the session waits instead, and others go on. */
const politeFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.ok || (waitIn(response.headers) ?? 0) <= LONGEST_WAIT_MS) return response;
  const headers = new Headers(response.headers);
  headers.set('x-should-retry', 'false');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
};
