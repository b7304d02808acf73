import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { BOX_OVERHEAD, openBox, sealBox } from './sealed-box.js';

const key = randomBytes(32);

describe('a sealed box', () => {
  it.each([0, 1, 16, 100_000])('opens to the %d bytes that went in', (size) => {
    const plain = randomBytes(size);
    const box = sealBox(key, plain, 'here');
    expect(box).toHaveLength(size + BOX_OVERHEAD);
    expect(openBox(key, box, 'here').equals(plain)).toBe(true);
  });

  it('is another run of bytes each time, over more than one block of nonces', () => {
    const boxes = new Set(Array.from({ length: 2000 }, () => sealBox(key, 'same', 'here').toString('hex')));
    expect(boxes.size).toBe(2000);
    const nonces = new Set([...boxes].map((box) => box.slice(2, 26)));
    expect(nonces.size).toBe(2000);
  });

  it('opens with no other key and in no other place', () => {
    const box = sealBox(key, 'text', 'here');
    expect(() => openBox(randomBytes(32), box, 'here')).toThrow();
    expect(() => openBox(key, box, 'there')).toThrow();
  });

  it('opens with no byte of it changed, its format included, nor shortened', () => {
    const box = sealBox(key, 'text', 'here');
    for (let at = 0; at < box.length; at += 1) {
      const changed = Buffer.from(box);
      changed[at]! ^= 1;
      expect(() => openBox(key, changed, 'here')).toThrow();
      expect(() => openBox(key, box.subarray(0, at), 'here')).toThrow();
    }
  });
});
