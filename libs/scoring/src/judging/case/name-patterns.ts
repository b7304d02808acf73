import { isOrdinary } from './ordinary-words.js';

export interface Person {
  readonly names: readonly string[];
  readonly emails: readonly string[];
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Longest first, so that a name inside a longer one does not leave the rest of it standing. */
const anyOf = (words: readonly string[], shortest = 2): string =>
  [...new Set(words.map((word) => word.trim()))]
    .filter((word) => [...word].length >= shortest)
    .sort((a, b) => b.length - a.length)
    .map((word) => escaped(word).replace(/\s+/g, '\\s+'))
    .join('|');

const pattern = (words: readonly string[], flags: string, before = '', after = '', shortest = 2): RegExp[] => {
  const any = anyOf(words, shortest);
  return any === '' ? [] : [new RegExp(`${before}(?:${any})${after}`, flags)];
};

/** No letter or figure on either side. */
const BEFORE = '(?<![\\p{L}\\p{N}])';
const AFTER = '(?![\\p{L}\\p{N}])';

/** Scripts that set no blanks between words, or set what belongs to a word right behind it. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\s]+$/u;
/** What is said behind a name in them. */
const HONORIFIC = '(?=\\s*(?:さん|様|さま|氏|君|くん|ちゃん|先生|老师|老師|先輩|小姐|女士|同学|同學|씨|님))';

const partsOf = (name: string): string[] => name.split(/[\s,]+/).filter(Boolean);
const titled = (part: string): string => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase();

/**
 * The parts of a name as names are written: `van` and `de` are none. Somebody who gave theirs in small or in capital letters
 * alone did not say which parts they are.
 */
const writtenParts = (name: string): string[] => {
  const parts = partsOf(name);
  if (name === name.toLowerCase() || name === name.toUpperCase()) return parts.flatMap((part) => [part, titled(part)]);
  return parts.filter((part) => !/^\p{Ll}/u.test(part));
};

const inTurn = (name: string): string[] => {
  const parts = partsOf(name);
  return parts.length === 2 ? [`${parts[1]} ${parts[0]}`, `${parts[1]}, ${parts[0]}`] : [];
};

/** A name all of whose parts are words, such as `An Do`, is one in its own spelling alone. */
const isWordsAlone = (name: string): boolean => partsOf(name).every(isOrdinary);

/**
 * Where a short word that is a name and an ordinary word is surely the name: after an address or an introduction, under a
 * closing line, or written with a capital in the middle of words without. Beside another part of the name it is one as well.
 */
const SURELY_A_NAME: readonly (readonly [before: string, after: string])[] = [
  [
    "(?<=(?<![\\p{L}\\p{N}])(?:[Hh]i|[Hh]ello|[Hh]ey|[Dd]ear|[Mm]rs?\\.?|[Mm]s\\.?|[Dd]r\\.?|I am|I['’]m|[Nn]ame is|[Nn]ame:|[Ii]ch bin|[Ll]iebe[r]?|[Jj]e suis|[Cc]h[eè]re?|[Ss]oy|[Hh]ola)[ \\t]{1,2})",
    AFTER,
  ],
  ['(?<=,[ \\t]*\\r?\\n\\s{0,4})', '(?=[ \\t.]*(?:\\r?\\n|$))'],
  ["(?<=(?<![\\p{L}\\p{N}'’])\\p{Ll}[\\p{L}'’]{0,30},?[ \\t])", "(?=[.,;!?'’]|[ \\t]\\p{Ll})"],
];

const besideName = (unsure: readonly string[]): RegExp[] => {
  const any = anyOf(unsure);
  if (any === '') return [];
  // All in a row at once: what is blind then has none left beside a name.
  const row = `(?:${any})(?:[ \\t,]{1,2}(?:${any}))*`;
  return [
    new RegExp(`(?<=\\[name\\][ \\t,]{1,2})${row}${AFTER}`, 'gu'),
    new RegExp(`${BEFORE}${row}(?=[ \\t,]{1,2}\\[name\\])`, 'gu'),
  ];
};

const isShort = (part: string): boolean => /^\p{Lu}\p{Ll}$/u.test(part);

/**
 * In the order they are looked for. The whole name in any spelling of case, its parts only where they are written as names
 * are: `Will` may be one, `will` is not. The part of an e-mail before the @ only where it looks like no word (`jo.doe`).
 */
export const namePatterns = ({ names, emails }: Person): readonly RegExp[] => {
  const locals = emails.map((email) => email.split('@')[0] ?? '').filter((local) => /[._\d-]/.test(local));
  const wholes = names.filter((name) => /\s/.test(name.trim()) && !isWordsAlone(name));
  const parts = names.flatMap(writtenParts);
  const unspaced = names.filter((name) => UNSPACED.test(name));
  const short = parts.filter(isShort);
  const unsure = short.filter(isOrdinary);
  const spelled = [
    ...names,
    ...names.flatMap(inTurn),
    ...parts.filter((part) => [...part].length >= 3),
    ...short.filter((part) => !isOrdinary(part)),
  ].filter((name) => !(isShort(name) && isOrdinary(name)));
  return [
    ...pattern([...wholes, ...emails, ...locals], 'giu', BEFORE, AFTER),
    ...pattern(spelled, 'gu', BEFORE, AFTER),
    ...pattern(
      unspaced.flatMap((name) => [name, partsOf(name).join('')]),
      'gu',
    ),
    ...pattern(unspaced.flatMap(partsOf), 'gu', '', HONORIFIC, 1),
    ...SURELY_A_NAME.flatMap(([before, after]) => pattern(unsure, 'gu', before, after)),
    ...besideName(unsure),
  ];
};
