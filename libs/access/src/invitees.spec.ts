import { describe, expect, it } from '@jest/globals';
import { inviteesOf } from './invitees.js';

const refused = (code: string, param: string) => expect.objectContaining({ code, status: 400, param });

describe('for whom the keys of a call are', () => {
  it('is nobody known when no addresses are given', () => {
    expect(inviteesOf({ count: 3 })).toEqual([null, null, null]);
  });

  it('is each address with the name in the same place', () => {
    expect(inviteesOf({ count: 2, candidateEmails: ['a@x.io', 'b@x.io'], candidateNames: ['A', 'B'] })).toEqual([
      { email: 'a@x.io', name: 'A' },
      { email: 'b@x.io', name: 'B' },
    ]);
    expect(inviteesOf({ count: 1, candidateEmails: ['a@x.io'] })).toEqual([{ email: 'a@x.io', name: null }]);
  });

  it.each([
    ['fewer addresses than keys', { count: 2, candidateEmails: ['a@x.io'] }, 'length_mismatch', 'candidateEmails'],
    [
      'more addresses than keys',
      { count: 1, candidateEmails: ['a@x.io', 'b@x.io'] },
      'length_mismatch',
      'candidateEmails',
    ],
    ['an empty list of addresses', { count: 1, candidateEmails: [] }, 'length_mismatch', 'candidateEmails'],
    ['names without addresses', { count: 1, candidateNames: ['A'] }, 'length_mismatch', 'candidateNames'],
    [
      'fewer names than addresses',
      { count: 2, candidateEmails: ['a@x.io', 'b@x.io'], candidateNames: ['A'] },
      'length_mismatch',
      'candidateNames',
    ],
    [
      'an address twice, however it is spelled',
      { count: 3, candidateEmails: ['a@x.io', 'b@x.io', ' A@X.io'] },
      'duplicate_email',
      'candidateEmails[2]',
    ],
  ])('refuses %s', (_, wish, code, param) => {
    expect(() => inviteesOf(wish)).toThrow(refused(code, param));
  });
});
