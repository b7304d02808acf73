import type { Settings } from './settings.js';

/** Money for a million tokens, in whatever currency the operator counts. */
export interface TokenPrices {
  readonly input: number;
  readonly output: number;
}

/** The model that judges, and how it is asked. */
export interface ScoringModel {
  /** Absent for servers that want none. */
  readonly apiKey: string | undefined;
  /** Of any server that speaks OpenAI's chat completions; absent: OpenAI's own. */
  readonly baseUrl: string | undefined;
  readonly model: string;
  /** Criteria asked at the same time, over all sessions of this process. */
  readonly concurrency: number;
  /** For one try of one request. */
  readonly timeoutMs: number;
  /** Further tries of one request after a 408, 409, 429, 5xx or a broken connection. */
  readonly retries: number;
  /** How much of the record one prompt may show, in characters. */
  readonly promptChars: number;
  readonly prices: TokenPrices | undefined;
}

const PRICES = /^(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/;

/** Null when neither a key nor a server is named: then nothing leaves this machine. */
export const scoringModelIn = (settings: Settings): ScoringModel | null => {
  const apiKey = settings.text('OPENAI_API_KEY');
  const baseUrl = settings.webUrl('OPENAI_BASE_URL');
  const model = settings.text('VERBATIM_SCORING_MODEL') ?? 'gpt-4o-mini';
  const concurrency = settings.integer('VERBATIM_SCORING_CONCURRENCY', 1, 64) ?? 4;
  const timeoutMs = settings.integer('VERBATIM_SCORING_TIMEOUT_MS', 100, 600_000) ?? 60_000;
  const retries = settings.integer('VERBATIM_SCORING_RETRIES', 0, 10) ?? 3;
  const promptChars = settings.integer('VERBATIM_SCORING_PROMPT_CHARS', 2_000, 2_000_000) ?? 60_000;
  const prices = pricesIn(settings.matching('VERBATIM_SCORING_PRICES', PRICES, 'two numbers like 0.15/0.60'));
  return apiKey === undefined && baseUrl === undefined
    ? null
    : { apiKey, baseUrl, model, concurrency, timeoutMs, retries, promptChars, prices };
};

const pricesIn = (text: string | undefined): TokenPrices | undefined => {
  const [, input, output] = PRICES.exec(text ?? '') ?? [];
  return input === undefined ? undefined : { input: Number(input), output: Number(output) };
};
