import { isRecord } from '#sessions';
import type { JudgedEvent } from '../judgement.js';

/** A value inside an event's data. */
export interface Leaf {
  readonly path: string;
  readonly value: string | number | boolean;
}

const DEEPEST = 12;

/** Every text, number and yes/no of a value, in its own order. */
export const leavesOf = (value: unknown, path = '', depth = 0): Leaf[] => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [{ path, value }];
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return value.flatMap((item, at) => leavesOf(item, `${path}[${at}]`, depth + 1));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    leavesOf(item, path === '' ? key : `${path}.${key}`, depth + 1),
  );
};

/** Blanks and line ends are written differently by every tool in between; nothing else is forgiven. */
const plain = (text: string): string => text.normalize('NFC').replace(/\s+/g, ' ').trim();

/** A quote of one sign is found everywhere and shows nothing; a whole value (`ok`, `7`) may be as short as it is. */
const SHORTEST_QUOTE = 4;

export const standsIn = (texts: readonly string[], quote: string): boolean => {
  const wanted = plain(quote);
  if (wanted === '') return false;
  return texts.some((text) => {
    const whole = plain(text);
    return whole === wanted || ([...wanted].length >= SHORTEST_QUOTE && whole.includes(wanted));
  });
};

/** What may be quoted of an event: its values, its values with their names, and its type. */
export const quotableOf = ({ type, data }: Pick<JudgedEvent, 'type' | 'data'>): string[] => [
  type,
  ...leavesOf(data).flatMap(({ path, value }) => [String(value), `${path}: ${value}`]),
];

/**
 * Whether a quote stands in the event, as it is or blinded. `deliverables`: the texts that the event submitted, which count
 * as standing in it.
 */
export const quoteStandsIn = (
  event: Pick<JudgedEvent, 'type' | 'data'>,
  quote: string,
  deliverables: readonly string[] = [],
): boolean => standsIn([...quotableOf(event), ...deliverables], quote);

/** A deliverable's state as text: its texts, one a line, named by where they stand. Ids and numbers among them are kept. */
export const textOfDeliverable = (state: unknown): string => {
  if (typeof state === 'string') return state;
  return leavesOf(state)
    .map(({ path, value }) => (typeof value === 'string' && value.length > 40 ? value : `${path}: ${value}`))
    .join('\n');
};
