import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leavesOf } from '../case/evidence.js';
import { ATTEMPTS, INNOCENT } from '../testing/attempts.js';
import { GOOD_MEMO, GOOD_WORK, TASK } from '../testing/sample-work.js';
import { scan } from './scan.js';

/** Of one JSON object, or of one a line. */
const textsIn = (file: string): string[] => {
  const parsed = (text: string): unknown[] => {
    try {
      return [JSON.parse(text)];
    } catch {
      return [];
    }
  };
  const whole = parsed(file);
  const values = whole.length > 0 ? whole : file.split('\n').flatMap(parsed);
  return [...new Set(leavesOf(values).flatMap(({ value }) => (typeof value === 'string' ? [value] : [])))];
};

describe('the scan for passages that address the judge', () => {
  it.each(Object.entries(ATTEMPTS))('recognises: %s', (_, text) => {
    expect(scan(text).signs.length).toBeGreaterThan(0);
  });

  it.each(Object.entries(ATTEMPTS))('takes it out and leaves what stands around it: %s', (_, text) => {
    const before = 'Revenue in the Alps is 3,900 k.';
    const after = 'The margin is 35 %, see page 14.';
    const { clean } = scan(`${before}\n${text}\n${after}`);
    expect(clean).toContain(before);
    expect(clean).toContain(after);
    expect(scan(clean).signs).toEqual([]);
    expect(clean.length).toBeLessThan(before.length + after.length + 30);
  });

  it.each(INNOCENT)('leaves work alone: %s', (text) => {
    expect(scan(text)).toEqual({ clean: text, signs: [] });
  });

  it('leaves the words of good work alone', () => {
    for (const text of [TASK, GOOD_MEMO, ...GOOD_WORK.map(({ data }) => JSON.stringify(data))])
      expect(scan(text).signs).toEqual([]);
  });

  it('finds nothing in the recorded work of others', () => {
    const folder = new URL('../../../../../../test/fixtures/recorded/', import.meta.url);
    const files = readdirSync(folder).filter((name) => /\.(jsonl|traj)$/.test(name));
    expect(files.length).toBeGreaterThan(5);
    for (const name of files) {
      for (const text of textsIn(readFileSync(new URL(name, folder), 'utf8')))
        expect({ name, text, signs: scan(text).signs }).toEqual({ name, text, signs: [] });
    }
  });

  it('gives any text back as it is when it finds nothing, and ends on every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const { clean, signs } = scan(text);
        return signs.length > 0 || clean === text;
      }),
    );
  });

  it('finds an attempt far into a long text', () => {
    const page = `${GOOD_MEMO}\n`.repeat(60);
    const { clean, signs } = scan(`${page}${ATTEMPTS['base64']}\n${page}`);
    expect(signs).toContain('encoded_base64');
    expect(clean.length).toBeGreaterThan(2 * page.length - 10);
  });
});
