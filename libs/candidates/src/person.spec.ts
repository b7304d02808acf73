import { describe, expect, it } from '@jest/globals';
import { nameFromEmail, normaliseEmail, requireEmail, requireName } from './person.js';

describe('an e-mail address', () => {
  it('keeps its spelling, blanks around it apart', () => {
    expect(requireEmail('  Alice.Jones@Example.com ')).toBe('Alice.Jones@Example.com');
  });

  it('is one and the same in any case', () => {
    expect(normaliseEmail(' ALICE@example.COM')).toBe(normaliseEmail('alice@Example.com '));
  });

  it.each([
    'nobody',
    'a@b',
    'Alice <alice@example.com>',
    'a@example.com,b@example.com',
    'a\0@example.com',
    '\ud800@example.com',
    7,
    `${'a'.repeat(243)}@example.com`,
  ])('is refused when it is %p', (value) => {
    expect(() => requireEmail(value)).toThrow(expect.objectContaining({ code: 'invalid_parameter', param: 'email' }));
  });

  it.each([undefined, null, ''])('is missing when it is %p', (value) => {
    expect(() => requireEmail(value)).toThrow(expect.objectContaining({ code: 'missing_parameter', param: 'email' }));
  });

  it('lends its local part to who gave no name', () => {
    expect(nameFromEmail('"a@b"@example.com')).toBe('"a@b"');
  });
});

describe('a name', () => {
  it.each(['', '   ', 'a\0b', '\udfff', 'x'.repeat(256), 5])('is refused when it is %p', (value) => {
    expect(() => requireName(value)).toThrow(expect.objectContaining({ param: 'name' }));
  });
});
