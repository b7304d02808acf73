import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { VerbatimConfig } from '#platform';
import { SessionTokens } from './session-token.js';

const tokensOf = (secret: string) => new SessionTokens(new VerbatimConfig({ VERBATIM_SECRET: secret }));
const tokens = tokensOf('a secret of specs, long enough to be one');

const refusal = (token: string) => {
  try {
    tokens.verify(token);
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return undefined;
};

describe('a session token', () => {
  it('says_whose_session_it_opens', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (orgId, sessionId) => {
        const token = tokens.issue(orgId, sessionId);
        expect(token).toMatch(/^vst_[A-Za-z0-9_-]{86}$/);
        expect(tokens.verify(token)).toEqual({ orgId, sessionId });
      }),
    );
  });

  it('is_none_with_one_character_changed_or_added_or_left_out', () => {
    const anyToken = fc.tuple(fc.uuid(), fc.uuid()).map(([orgId, sessionId]) => tokens.issue(orgId, sessionId));
    fc.assert(
      fc.property(anyToken, fc.nat(89), fc.string({ maxLength: 2 }), (token, at, text) => {
        const changed = token.slice(0, at) + text + token.slice(at + 1);
        fc.pre(changed !== token);
        expect(refusal(changed)).toBe('session_token_invalid');
      }),
    );
  });

  it('is_none_under_another_secret', () => {
    const other = tokensOf('another secret, which is as long as the first');
    const ids = ['0190a1b2-0000-7000-8000-000000000001', '0190a1b2-0000-5000-8000-000000000002'] as const;
    expect(refusal(other.issue(...ids))).toBe('session_token_invalid');
  });

  it.each(['', 'vst_', 'gai_something', 'vst_===='])('is_not_%j', (text) => {
    expect(refusal(text)).toBe('session_token_invalid');
  });
});
