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

  it.each([
    ['Bo Xu', 'I am Bo Xu; Bo or Xu will do.', 'I am [name]; [name] or [name] will do.'],
    ['Bo Xu', 'Xu Bo, or bo xu', '[name], or [name]'],
    ['Bo Xu', 'Xu, Bo wrote the box with boxu', '[name] wrote the box with boxu'],
    ['Wei Li', 'Li said: use <li> and list items', '[name] said: use <li> and list items'],
    ['Li', 'Li writes; a <li> stays', '[name] writes; a <li> stays'],
    ['BO XU', 'Bo and Xu', '[name] and [name]'],
    ['bo xu', 'Ask Bo or xu', 'Ask [name] or xu'],
    ['An Do', 'Do an analysis. An hour will do; What To Do', 'Do an analysis. An hour will do; What To Do'],
    ['An Do', 'An Do; Do, An; DO AN analysis', '[name]; [name]; DO AN analysis'],
    ['An Do', 'Hi An, I am Do.', 'Hi [name], I am [name].'],
    ['An Do', 'so An and I asked Do, and An did.', 'so [name] and I asked [name], and [name] did.'],
    ['An Do', 'Best regards,\nAn', 'Best regards,\n[name]'],
    ['An Do', 'To do: nothing\nDo this\nAn', 'To do: nothing\nDo this\nAn'],
    ['An Nguyen', 'Nguyen An. An Nguyen! An answer', '[name]. [name]! An answer'],
    ['Thi An Nguyen', 'Nguyen An: An outline', '[name] [name]: An outline'],
    ['Jack Ma', 'jack ma; Ma non troppo; dear Ma', '[name]; Ma non troppo; dear [name]'],
    ['Maria de la Cruz', 'Cruz goes de la plaza', '[name] goes de la plaza'],
    ['Ludwig van Beek', 'een van de drie; Beek', 'een van de drie; [name]'],
    ['Ян Ли', 'Ян пишет, едва ли', '[name] пишет, едва ли'],
    ['山田 太郎', '山田太郎です。山田さん、山田町', '[name]です。[name]さん、山田町'],
    ['李 明', '我是李明。明天见，李先生', '我是[name]。明天见，[name]先生'],
    ['김민수', '김민수입니다. 민수기', '[name]입니다. 민수기'],
    ['J. R', 'plan R and J.', 'plan R and J.'],
  ])('of somebody called %s leaves of %j %j', (name, text, blind) => {
    expect(new Blinder({ names: [name], emails: [] }).text(text)).toBe(blind);
  });

  it('leaves every ordinary word in small letters as it is, whatever somebody is called', () => {
    const short = fc.stringMatching(/^[A-Z][a-z]$/);
    const words = fc.array(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(short, fc.stringMatching(/^[A-Z][a-z]{3,6}$/), words, (part, other, text) => {
        const joined = text.join(' ');
        fc.pre(!joined.includes(`${part} ${other}`.toLowerCase()));
        expect(new Blinder({ names: [`${part} ${other}`], emails: [] }).text(joined)).toBe(joined);
      }),
    );
  });

  it('leaves no short part of a name that is no ordinary word, wherever it is written as names are', () => {
    const around = fc.constantFrom('', ' ', '. ', ', ', '\n', ': ', '"', '(', ' \u2014 ', '*', '/');
    fc.assert(
      fc.property(
        fc.constantFrom('Li', 'Bo', 'Xu', 'Wu', 'Ng', 'Yi', 'Jo', 'Ed', 'Ян'),
        around,
        around,
        (part, a, b) => {
          const blind = new Blinder({ names: [`${part} Andersson`], emails: [] }).text(`say${a}${part}${b}said`);
          fc.pre(a !== '' && b !== '');
          expect(blind).toBe(`say${a}[name]${b}said`);
        },
      ),
    );
  });

  it('reaches every text inside a value and leaves its form', () => {
    expect(blinder.value({ a: [{ b: 'by Will Møller-Grace' }, 7, null, true], name: 'x@example.com' })).toEqual({
      a: [{ b: 'by [name]' }, 7, null, true],
      name: '[email]',
    });
  });

  it('changes nothing that is blind already', () => {
    const called = ['Will Møller-Grace', 'An Do', 'Bo Xu', 'Jack Ma', 'An Nguyen'];
    const word = fc.constantFrom(
      'An',
      'Do',
      'Bo',
      'an',
      'do',
      'Ma',
      'Hi',
      'I am',
      'so',
      'Jack',
      'Nguyen',
      'regards,',
      '\n',
      '. ',
    );
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(fc.constantFrom(...called), text, (name, told) => {
        const blinder = new Blinder({ names: [name], emails: [] });
        const blind = blinder.text(told);
        expect(blinder.text(blind)).toBe(blind);
      }),
      { numRuns: 500 },
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
