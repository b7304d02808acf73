import { describe, expect, it } from '@jest/globals';
import { VerbatimConfig } from './config.js';
import type { Environment } from './settings.js';

const modelOf = (environment: Environment) => new VerbatimConfig(environment).scoringModel;

describe('the model that judges', () => {
  it('is none without a key and without a server: nothing leaves the machine', () => {
    expect(modelOf({})).toBeNull();
    expect(modelOf({ VERBATIM_SCORING_MODEL: 'some-model', OPENAI_API_KEY: '' })).toBeNull();
  });

  it('is named by either, with a default for the rest', () => {
    const rest = { concurrency: 4, timeoutMs: 60_000, retries: 3, promptChars: 60_000, prices: undefined };
    expect(modelOf({ OPENAI_API_KEY: 'sk-1' })).toEqual({
      apiKey: 'sk-1',
      baseUrl: undefined,
      model: 'gpt-4o-mini',
      ...rest,
    });
    expect(modelOf({ OPENAI_BASE_URL: 'http://127.0.0.1:9/v1', VERBATIM_SCORING_MODEL: 'm' })).toEqual({
      apiKey: undefined,
      baseUrl: 'http://127.0.0.1:9/v1',
      model: 'm',
      ...rest,
    });
  });

  it('has the prices that are set', () => {
    expect(modelOf({ OPENAI_API_KEY: 'k', VERBATIM_SCORING_PRICES: '0.15/0.6' })?.prices).toEqual({
      input: 0.15,
      output: 0.6,
    });
  });

  it.each([
    ['OPENAI_BASE_URL', 'ftp://x'],
    ['VERBATIM_SCORING_RUNS', '0'],
    ['VERBATIM_SCORING_RUNS', '10'],
    ['VERBATIM_SCORING_CONCURRENCY', '0'],
    ['VERBATIM_SCORING_PRICES', 'cheap'],
    ['VERBATIM_SCORING_PROMPT_CHARS', '10'],
    ['VERBATIM_SCORING_TIMEOUT_MS', '-1'],
    ['VERBATIM_SCORING_RETRIES', '11'],
  ])('stops the start with %s=%s, also where no model is set up', (name, value) => {
    expect(() => new VerbatimConfig({ [name]: value })).toThrow(name);
  });
});
