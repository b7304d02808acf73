import { isRecord } from '#sessions';

// The look-behind lets a match begin at the start of a run alone: without it a long run of letters is tried at each of them.
const EMAIL = /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu;
const LINK = /\b(?:https?|ftp|mailto):\/{0,2}[^\s<>"'`)）」】]+|(?<![\p{L}\p{N}.])www\.[^\s<>"'`)]+/giu;
/** Where people have their pages: these name somebody without a scheme in front, too. */
const PROFILE =
  /(?<![\p{L}\p{N}.-])(?:[a-z]{2,3}\.)?(?:linkedin|github|gitlab|twitter|facebook|instagram|medium|behance|dribbble|xing|t|x)\.(?:com|me|io|org)\/[^\s<>"'`)]+/giu;

export interface Person {
  readonly names: readonly string[];
  readonly emails: readonly string[];
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Longest first, so that a name inside a longer one does not leave the rest of it standing. */
const anyOf = (words: readonly string[], flags: string, around: readonly [string, string]): RegExp[] => {
  const known = [...new Set(words.map((word) => word.trim()))].filter((word) => [...word].length >= 2);
  if (known.length === 0) return [];
  const longestFirst = known.sort((a, b) => b.length - a.length).map((word) => escaped(word).replace(/\s+/g, '\\s+'));
  return [new RegExp(`${around[0]}(?:${longestFirst.join('|')})${around[1]}`, flags)];
};

const WHOLE_WORD = ['(?<![\\p{L}\\p{N}])', '(?![\\p{L}\\p{N}])'] as const;

/**
 * The whole name in any spelling of case, its parts only where they are written as names are: `Will` may be one, `will` is
 * not. The part of an e-mail before the @ only where it looks like no word (`jo.doe`, `jdoe84`).
 */
const namePatterns = ({ names, emails }: Person): RegExp[] => {
  const locals = emails.map((email) => email.split('@')[0] ?? '').filter((local) => /[._\d-]/.test(local));
  const parts = names.flatMap((name) => name.split(/[\s,]+/)).filter((part) => [...part].length >= 3);
  const unspaced = names.filter((name) => /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\s]+$/u.test(name));
  return [
    ...anyOf([...names.filter((name) => /\s/.test(name.trim())), ...emails, ...locals], 'giu', WHOLE_WORD),
    ...anyOf([...names, ...parts], 'gu', WHOLE_WORD),
    ...anyOf(unspaced, 'gu', ['', '']),
  ];
};

/** Takes names, e-mails and links out of what a judge reads: what somebody is called or where they link to is no merit. */
export class Blinder {
  private readonly names: readonly RegExp[];

  constructor(person: Person = { names: [], emails: [] }) {
    this.names = namePatterns(person);
  }

  text(text: string): string {
    let blind = text;
    if (/:|www\.|\//i.test(blind)) blind = blind.replace(LINK, '[link]').replace(PROFILE, '[link]');
    if (blind.includes('@')) blind = blind.replace(EMAIL, '[email]');
    for (const name of this.names) blind = blind.replace(name, '[name]');
    return blind;
  }

  /** Every text inside a value; keys stay. */
  value<Value>(value: Value): Value {
    return this.inside(value) as Value;
  }

  private inside(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.inside(item));
    if (isRecord(value))
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.inside(item)]));
    return value;
  }
}
