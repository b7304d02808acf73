/** Words of a text for comparing texts in any language: no list of stop words, no stemmer, so that no language is preferred. */

/** Scripts written without blanks between words: taken two signs at a time. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const RUN = /[\p{L}\p{M}\p{N}]+/gu;
/** Endings differ, beginnings carry the meaning: good enough for the languages that inflect. */
const STEM = 6;
const SHORTEST_TERM = 4;

const pairsOf = (run: string): string[] => {
  const signs = [...run];
  return signs.length === 1 ? signs : signs.slice(1).map((sign, at) => `${signs[at]}${sign}`);
};

const runsIn = (text: string): string[] => text.normalize('NFC').toLowerCase().match(RUN) ?? [];

/** In order, repeated as they stand. */
export const wordsOf = (text: string): string[] => {
  const runs = runsIn(text);
  // Asked of the whole text first: most have no such sign, and their runs need no look of their own.
  return UNSPACED.test(text) ? runs.flatMap((run) => (UNSPACED.test(run) ? pairsOf(run) : [run])) : runs;
};

const LONG_ENOUGH = new RegExp(`^.{${SHORTEST_TERM}}`, 'su');
const FIGURE = /^\p{N}+$/u;

/** What a text is about: its longer words, by their beginnings. */
export const termsOf = (text: string): Set<string> => {
  const terms = new Set<string>();
  const mayBeUnspaced = UNSPACED.test(text);
  for (const word of wordsOf(text)) {
    if (mayBeUnspaced && UNSPACED.test(word)) terms.add(word);
    else if (LONG_ENOUGH.test(word) && !FIGURE.test(word)) terms.add(word.slice(0, STEM));
  }
  return terms;
};

/** Numbers as they are written, without the marks between thousands: `1,200` and `1 200` are one. */
export const figuresOf = (text: string): Set<string> =>
  new Set(
    [...text.matchAll(/\d[\d.,\u00a0\u202f']*/g)]
      .map(([figure]) => figure.replace(/[^\d]/g, ''))
      .filter((figure) => figure.length >= 2),
  );

/** How many of the terms are among the others. */
export const shared = (terms: ReadonlySet<string>, others: ReadonlySet<string>): number => {
  let count = 0;
  for (const term of terms) if (others.has(term)) count += 1;
  return count;
};

/** Share of `terms` that are among `others`; 0 for none. */
export const coverage = (terms: ReadonlySet<string>, others: ReadonlySet<string>): number =>
  terms.size === 0 ? 0 : shared(terms, others) / terms.size;

/** Grows to 1 at `full` and stays there: more of the same is not better without end. */
export const saturating = (amount: number, full: number): number => Math.min(1, Math.max(0, amount / full));

/**
 * Lines and sentences: what a quote is taken from. A full stop ends one only before a blank (`notes.md` is a word), and its
 * length is bounded, so that no text without stops is one sentence.
 */
export const sentencesOf = (text: string): string[] =>
  text
    .split(/[\n\r]+|(?<=[.!?])\s+|(?<=[。！？])/)
    .flatMap((sentence) => sentence.match(/.{1,400}/gsu) ?? [])
    .map((sentence) => sentence.trim())
    .filter(Boolean);

const LONGEST_QUOTE = 160;
const ENOUGH_WORDS = 5;

/** The sentence that speaks most of the terms, else the first that says something; it stands in the text as it is. */
export const quoteFrom = (text: string, terms: ReadonlySet<string> = new Set()): string => {
  let best = '';
  let most = -1;
  for (const sentence of sentencesOf(text.slice(0, 20_000))) {
    const words = wordsOf(sentence).length;
    if (terms.size === 0 && words >= ENOUGH_WORDS) return cut(sentence);
    const worth = terms.size === 0 ? words : shared(terms, termsOf(sentence));
    if (worth > most) [best, most] = [sentence, worth];
  }
  return cut(best);
};

/** Never through a surrogate pair. */
const cut = (text: string): string => {
  const short = text.slice(0, LONGEST_QUOTE);
  return (short.isWellFormed() ? short : short.slice(0, -1)).trim();
};
