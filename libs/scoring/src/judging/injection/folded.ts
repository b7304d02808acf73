/** Spellings under which a text says the same to a model and not to a pattern: each is undone before patterns are tried. */

/** Letters of other scripts that look like Latin ones. Only for words that mix scripts: Russian is Russian. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  а: 'a', е: 'e', о: 'o', р: 'p', с: 'c', у: 'y', х: 'x', і: 'i', ј: 'j', ѕ: 's', һ: 'h', ԁ: 'd', ո: 'n', ν: 'v', ο: 'o', α: 'a',
  ρ: 'p', ι: 'i', κ: 'k', τ: 't', в: 'b', н: 'h', к: 'k', м: 'm', т: 't', ɡ: 'g', ɑ: 'a', ʟ: 'l',
}; // biome-ignore format: a table
const MIXED_WORD =
  /(?<!\p{L})\p{L}*(?:[a-z][\u0370-\u04ff\u0500-\u058f\u0250-\u02ff]|[\u0370-\u04ff\u0500-\u058f\u0250-\u02ff][a-z])\p{L}*/giu;
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
/** `i g n o r e`, `i.g.n.o.r.e`: six signs or more, each by itself. */
const SPACED_OUT = /(?<![\p{L}\p{N}])\p{L}(?:[ .\-_*]\p{L}){5,}(?![\p{L}\p{N}])/gu;
const ACCENTS = /(?<=[a-z])\p{M}+/gu;

const ASCII = /^[\x20-\x7e\s]*$/;

/** Lower case, compatibility forms, no accents on Latin letters, nothing invisible, blanks single. */
export const folded = (text: string): string =>
  (ASCII.test(text) ? text.toLowerCase() : unaccented(text))
    .replace(SPACED_OUT, (word) => word.replace(/[ .\-_*]/g, ''))
    .replace(/\s+/g, ' ');

const unaccented = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .toLowerCase()
    .replace(MIXED_WORD, (word) => [...word].map((letter) => LOOKALIKES[letter] ?? letter).join(''))
    .normalize('NFD')
    .replace(ACCENTS, '')
    .normalize('NFC')
    .replace(/ß/g, 'ss');

/** Tag characters spell ASCII that no screen shows; after a black flag they are an emoji. */
export const hiddenTags = (text: string): string =>
  [...text.replace(/\u{1f3f4}[\u{e0020}-\u{e007f}]+/gu, '').matchAll(/[\u{e0020}-\u{e007e}]/gu)]
    .map(([tag]) => String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000))
    .join('');
