import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Blinder } from './blinding.js';

const blinder = new Blinder({ names: ['Will Møller-Grace', '山田太郎'], emails: ['will.m84@example.com'] });

describe('blinding', () => {
  it.each([
    ['I am Will Møller-Grace.', 'I am [name].'],
    ['WILL MØLLER-GRACE wrote this', '[name] wrote this'],
    ['Ask Will about it; he will know.', 'Ask [name] about it; he will know.'],
    ['私は山田太郎です', '私は[name]です'],
    ['Write to will.m84@example.com or Anna.B+x@mail.example.co.uk!', 'Write to [email] or [email]!'],
    ['his handle is will.m84 everywhere', 'his handle is [name] everywhere'],
    ['see https://example.com/cv?x=1 (or www.example.org/me)', 'see [link] (or [link])'],
    ['linkedin.com/in/somebody and github.com/somebody/repo', '[link] and [link]'],
    ['Willow and Graceful stay', 'Willow and Graceful stay'],
    ['src/app.module.ts imports @nestjs/common', 'src/app.module.ts imports @nestjs/common'],
  ])('of %j leaves %j', (text, blind) => {
    expect(blinder.text(text)).toBe(blind);
  });

  it('reaches every text inside a value and leaves its form', () => {
    expect(blinder.value({ a: [{ b: 'by Will Møller-Grace' }, 7, null, true], name: 'x@example.com' })).toEqual({
      a: [{ b: 'by [name]' }, 7, null, true],
      name: '[email]',
    });
  });

  it('changes nothing that is blind already', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const blind = blinder.text(text);
        expect(blinder.text(blind)).toBe(blind);
      }),
    );
  });

  it('takes time in proportion to the text, also to one long word', () => {
    const long = `${'a'.repeat(200_000)} ${'x.'.repeat(100_000)}@`;
    const started = performance.now();
    blinder.text(long);
    // In proportion it takes some milliseconds; by the square, minutes.
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
