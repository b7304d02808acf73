import { describe, expect, it } from '@jest/globals';
import { RandomIds } from '#platform';
import { canonicalKey, KEY_ALPHABET, makeKeyText } from './key-text.js';

class Bytes extends RandomIds {
  constructor(private readonly bytes: number[]) {
    super();
  }

  override secret(count: number): Buffer {
    return Buffer.from(this.bytes.splice(0, count));
  }
}

describe('the text of a key', () => {
  it('has no sign that is mistaken for another', () => {
    for (const sign of 'IL1O0') expect(KEY_ALPHABET).not.toContain(sign);
    expect(new Set(KEY_ALPHABET).size).toBe(KEY_ALPHABET.length);
  });

  it('is PST-XXXX-XXXX, each sign as likely as any other', () => {
    const keys = Array.from({ length: 4000 }, () => makeKeyText(new RandomIds()));
    expect(new Set(keys).size).toBe(keys.length);
    const counts = new Map<string, number>();
    for (const key of keys) {
      expect(key).toMatch(/^PST-[A-Z2-9]{4}-[A-Z2-9]{4}$/);
      for (const sign of key.slice(4).replace('-', '')) counts.set(sign, (counts.get(sign) ?? 0) + 1);
    }
    const expected = (keys.length * 8) / KEY_ALPHABET.length;
    for (const sign of KEY_ALPHABET) expect(Math.abs((counts.get(sign) ?? 0) / expected - 1)).toBeLessThan(0.25);
  });

  it('draws again where a byte would favour the first letters', () => {
    expect(makeKeyText(new Bytes([0, 247, 248, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]))).toBe('PST-A9BC-DEFG');
  });

  it('is read in any case and with blanks around it, and as nothing else', () => {
    expect(canonicalKey(' pst-abcd-2345\n')).toBe('PST-ABCD-2345');
    for (const other of ['PST-ABCD-1234', 'PST-ABCD-234', 'PST-ABCD-23456', 'PSTABCD2345', 'gai_ABCD-2345', ''])
      expect(canonicalKey(other)).toBeUndefined();
  });
});
