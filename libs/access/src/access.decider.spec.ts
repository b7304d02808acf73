import { describe, expect, it } from '@jest/globals';
import { given, recordedAtOf } from '#event-sourcing/testing/given.js';
import { accessAggregate } from './access.aggregate.js';
import { closeAccess, issueKeys, recordKeyMail, redeemKey, revokeKey, usableKey } from './access.decider.js';
import type { AccessEvent, IssuedKey } from './access.events.js';

const key = (keyId: string): IssuedKey => ({
  keyId,
  candidateId: `candidate-of-${keyId}`,
  credential: 'ab'.repeat(32),
  mailed: false,
  box: 'box',
});
const wish = (...keyIds: string[]) => ({
  assessmentId: 'a-1',
  expiresInDays: 7,
  orgName: null,
  keys: keyIds.map(key),
});
const issued = (...keyIds: string[]): AccessEvent => ({ type: 'candidate_keys_issued', data: wish(...keyIds) });
const revoked = (...keyIds: string[]): AccessEvent => ({
  type: 'candidate_keys_revoked',
  data: { keyIds, reason: 'asked' },
});
const redemption = (keyId: string) => ({ keyId, assessmentId: 'a-1', candidateId: 'c-1', sessionId: 's-1' });
const redeemed = (keyId: string): AccessEvent => ({ type: 'candidate_key_redeemed', data: redemption(keyId) });
const closed: AccessEvent = { type: 'access_closed', data: {} };

const state = (...history: readonly AccessEvent[]) => given(accessAggregate, ...history);
const DAY = 24 * 3600 * 1000;
const ISSUED_AT = Date.parse(recordedAtOf(0));
const EXPIRES_AT = ISSUED_AT + 7 * DAY;
const INVALID = expect.objectContaining({ code: 'invalid_key', status: 401 });
const NOT_FOUND = expect.objectContaining({ code: 'not_found' });

describe('issuing', () => {
  it('is one event for all keys of a call', () => {
    expect(issueKeys(state(), wish('k-1', 'k-2')).events).toEqual([issued('k-1', 'k-2')]);
  });

  it('happens once however often the same keys are asked for', () => {
    expect(issueKeys(state(issued('k-1', 'k-2')), wish('k-1', 'k-2')).events).toEqual([]);
  });

  it('is over when the assessment was deleted', () => {
    expect(() => issueKeys(state(closed), wish('k-1'))).toThrow(NOT_FOUND);
  });

  it('lets keys expire so many times 24 hours after they were made', () => {
    expect(state(issued('k-1')).keys.get('k-1')).toMatchObject({
      createdAt: recordedAtOf(0),
      expiresAt: new Date(EXPIRES_AT).toISOString(),
    });
  });
});

describe('revoking', () => {
  it('takes one key and leaves the others', () => {
    const before = state(issued('k-1', 'k-2'));
    expect(revokeKey(before, 'k-1').events).toEqual([revoked('k-1')]);
    const after = state(issued('k-1', 'k-2'), revoked('k-1'));
    expect(() => usableKey(after, 'k-1', ISSUED_AT)).toThrow(INVALID);
    expect(usableKey(after, 'k-2', ISSUED_AT).keyId).toBe('k-2');
  });

  it('finds no key that is unknown or was revoked', () => {
    expect(() => revokeKey(state(), 'k-1')).toThrow(NOT_FOUND);
    expect(() => revokeKey(state(issued('k-1'), revoked('k-1')), 'k-1')).toThrow(NOT_FOUND);
  });
});

describe('closing', () => {
  it('revokes what is left and is said once', () => {
    expect(closeAccess(state(issued('k-1', 'k-2'), revoked('k-1')))).toEqual({
      events: [closed, { type: 'candidate_keys_revoked', data: { keyIds: ['k-2'], reason: 'assessment_deleted' } }],
      answer: { more: false },
    });
    expect(closeAccess(state(issued('k-1'), revoked('k-1'), closed))).toEqual({
      events: [],
      answer: { more: false },
    });
  });

  it('keeps nobody out who would have to wait for their own key to be named', () => {
    expect(() => usableKey(state(issued('k-1'), closed), 'k-1', ISSUED_AT)).toThrow(INVALID);
  });

  it('of very many keys goes on in further appends', () => {
    const ids = Array.from({ length: 10_001 }, (_, at) => `k-${at}`);
    const { events, answer } = closeAccess(state(issued(...ids)));
    expect(events).toHaveLength(11);
    expect(answer).toEqual({ more: true });
    expect(closeAccess(state(issued(...ids), ...(events as AccessEvent[]))).answer).toEqual({ more: false });
  });
});

describe('redeeming', () => {
  it('begins once', () => {
    expect(redeemKey(state(issued('k-1')), redemption('k-1'), ISSUED_AT).events).toEqual([redeemed('k-1')]);
    expect(redeemKey(state(issued('k-1'), redeemed('k-1')), redemption('k-1'), ISSUED_AT).events).toEqual([]);
  });

  it('ends at the moment of expiry, not after it', () => {
    const before = state(issued('k-1'));
    expect(redeemKey(before, redemption('k-1'), EXPIRES_AT - 1).events).toHaveLength(1);
    expect(() => redeemKey(before, redemption('k-1'), EXPIRES_AT)).toThrow(INVALID);
  });

  it('that happened before goes on after expiry, and ends with revocation', () => {
    const begun = [issued('k-1'), redeemed('k-1')];
    expect(usableKey(state(...begun), 'k-1', EXPIRES_AT + DAY).keyId).toBe('k-1');
    expect(() => usableKey(state(...begun, revoked('k-1')), 'k-1', ISSUED_AT)).toThrow(INVALID);
  });

  it('refuses unknown, revoked and expired keys in the same words', () => {
    const refusals = [
      () => redeemKey(state(), redemption('k-1'), ISSUED_AT),
      () => redeemKey(state(issued('k-1'), revoked('k-1')), redemption('k-1'), ISSUED_AT),
      () => redeemKey(state(issued('k-1')), redemption('k-1'), EXPIRES_AT),
    ].map((attempt) => {
      try {
        return attempt();
      } catch (error) {
        return { code: (error as { code: string }).code, message: (error as Error).message };
      }
    });
    expect(new Set(refusals.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify({ code: 'invalid_key', message: 'This key is not valid.' })]),
    );
  });
});

describe('what became of the mail', () => {
  const report = { keyId: 'k-1', delivered: false, channel: 'smtp', messageId: 'm-1', reason: 'refused' } as const;
  const mailed: AccessEvent = { type: 'candidate_key_mailed', data: report };

  it('is recorded once, and again when it turns out otherwise', () => {
    expect(recordKeyMail(state(issued('k-1')), report).events).toEqual([mailed]);
    expect(recordKeyMail(state(issued('k-1'), mailed), report).events).toEqual([]);
    expect(recordKeyMail(state(issued('k-1'), mailed), { ...report, delivered: true }).events).toHaveLength(1);
  });

  it('of a key that is not there is nothing', () => {
    expect(recordKeyMail(state(), report).events).toEqual([]);
  });
});
