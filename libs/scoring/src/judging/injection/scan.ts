import { atOnce, type Steps } from '../turns.js';
import { decodingsOf } from './decoded.js';
import { DEMANDS } from './demands.js';
import { folded } from './folded.js';
import { FRAMES } from './frames.js';
import { OVERRIDES } from './overrides.js';

const GROUPS = [...OVERRIDES, ...DEMANDS, ...FRAMES];

export interface Scan {
  /** The text without the passages that address the judge; the text itself when there are none. */
  readonly clean: string;
  /** What was recognised, sorted, each once. */
  readonly signs: readonly string[];
}

const signsIn = (text: string): string[] => {
  const plain = folded(text);
  return GROUPS.flatMap(({ hint, signs }) =>
    hint.test(plain) ? signs.filter((sign) => sign.found(plain)).map(({ name }) => name) : [],
  );
};

/** Also as it reads decoded: models read base64 as easily as English. */
const allSignsIn = (text: string): string[] => [
  ...signsIn(text),
  ...decodingsOf(text).flatMap(({ by, text: decoded }) => signsIn(decoded).flatMap((name) => [name, `encoded_${by}`])),
];

/** Sentences and lines with what ends them: joined they are the text again. */
const piecesOf = (text: string): string[] =>
  [...text.matchAll(/[^\n.!?。！？]{1,2000}[.!?。！？"'”’)\]]*\s*|[\n.!?。！？"'”’)\]]+\s*/g)].map(([piece]) => piece);

/** Over how many sentences or lines an attempt may be drawn out and still be taken out alone. */
const WIDEST = 4;

/** Longer texts are looked at in parts, so that decoding and searching stay within bounds. */
const LONGEST_PART = 16_000;

const partsOf = (text: string): string[] => {
  const parts: string[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.lastIndexOf('\n', start + LONGEST_PART);
    const end =
      text.length - start <= LONGEST_PART ? text.length : newline > start ? newline + 1 : start + LONGEST_PART;
    parts.push(text.slice(start, end));
    start = end;
  }
  return parts;
};

/**
 * Finds passages that address the judge and takes them out by whole sentences, so that the rest of the text is judged as if
 * they had never been written. Where an attempt cannot be told from its surroundings, all of that part goes.
 */
export function* scanning(text: string): Steps<Scan> {
  const scans: Scan[] = [];
  for (const part of partsOf(text)) {
    scans.push(scanPart(part));
    yield;
  }
  const signs = [...new Set(scans.flatMap((part) => part.signs))].sort();
  return signs.length === 0
    ? { clean: text, signs }
    : {
        clean: scans
          .map(({ clean }) => clean)
          .join('')
          .trim(),
        signs,
      };
}

export const scan = (text: string): Scan => atOnce(scanning(text));

const STOPS = /^[^\p{L}\p{N}]*$/u;

const scanPart = (text: string): Scan => {
  const signs = allSignsIn(text);
  if (signs.length === 0) return { clean: text, signs };
  const pieces = piecesOf(text);
  const gone = new Set<number>();
  const joined = (places: readonly number[]): string => places.map((at) => pieces[at]).join('');
  for (let width = 1; width <= WIDEST; width += 1) {
    for (let start = 0; start + width <= pieces.length; start += 1) {
      const window = [...Array(width).keys()].map((offset) => start + offset);
      if (window.some((at) => gone.has(at))) continue;
      if (allSignsIn(joined(window)).length > 0) for (const at of window) gone.add(at);
    }
    // A stop of its own before what goes belongs to it.
    const left = joined(
      [...pieces.keys()].filter((at) => !gone.has(at) && !(gone.has(at + 1) && STOPS.test(pieces[at]!))),
    );
    if (gone.size > 0 && allSignsIn(left).length === 0) return { clean: left, signs };
  }
  return { clean: '', signs };
};
