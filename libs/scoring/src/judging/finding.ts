import { recordOf } from '#sessions';
import type { CaseEvent, CaseFile, CaseText } from './case/case-file.js';
import { quoteFrom } from './case/texts.js';
import type { Evidence } from './judgement.js';

/** What one rule found. */
export interface Finding {
  /** Share of the points; null: the record holds nothing that this rule goes by, which says nothing about the work. */
  readonly fraction: number | null;
  readonly evidence: readonly Cited[];
  readonly rationale: string;
}

export interface Cited {
  readonly event: CaseEvent;
  /** Where the event's own words are not what is meant. */
  readonly text?: string;
  /** What the quote should speak of. */
  readonly terms?: ReadonlySet<string>;
}

/** A few are looked at, hundreds are not. */
const MOST_EVIDENCE = 3;

export const nothing = (rationale: string): Finding => ({ fraction: null, evidence: [], rationale });

export const found = (
  fraction: number,
  evidence: readonly (Cited | CaseText | CaseEvent)[],
  rationale: string,
): Finding => ({
  fraction: rounded(fraction),
  evidence: spread(evidence, MOST_EVIDENCE).map((item) => ('event' in item ? item : { event: item })),
  rationale,
});

/** Three decimals, so that a sum does not depend on the order it was made in. */
export const rounded = (fraction: number): number => Math.round(Math.min(1, Math.max(0, fraction)) * 1000) / 1000;

/** Evenly from the first to the last. */
export const spread = <Item>(items: readonly Item[], count: number): Item[] =>
  items.length <= count
    ? [...items]
    : [...Array(count).keys()].map((at) => items[Math.round((at * (items.length - 1)) / Math.max(1, count - 1))]!);

/** What is quoted of an event without a text: what it names. */
const NAMES = [
  'label',
  'name',
  'documentId',
  'query',
  'itemId',
  'tool',
  'connectorId',
  'targetPath',
  'workflowId',
  'rating',
  'category',
] as const;

const wordsIn = ({ body }: CaseEvent): string => {
  const texts = [body.content, body.patch, body.reason, body.text, body.heading, recordOf(body.exec).label];
  const said = texts.find((text): text is string => typeof text === 'string' && /\p{L}/u.test(text));
  const named = NAMES.map((name) => body[name]).find((name) => typeof name === 'string' && name.length > 0);
  return said ?? (typeof named === 'string' ? named : '');
};

/** Only quotes that stand in their event; an event is evidence by its type where it says nothing else. */
export const evidenceOf = (file: CaseFile, cited: readonly Cited[]): Evidence[] =>
  cited.map(({ event, text, terms }) => {
    const quote = quoteFrom(text ?? wordsIn(event), terms);
    return {
      eventId: event.id,
      quote: quote !== '' && file.quoteStands(event, quote) ? quote : event.type,
      ...(event.claim ? { claim: true as const } : {}),
    };
  });

/** Less with little to go by, and less where all of it is what the candidate's own client said the AI did. */
export const confidenceIn = (fraction: number | null, evidence: readonly Evidence[], certainty: number): number => {
  if (fraction === null) return 0;
  const enough = evidence.length >= 2 ? 1 : 0.7;
  const vouched = evidence.length > 0 && evidence.every(({ claim }) => claim) ? 0.7 : 1;
  return rounded(certainty * enough * vouched);
};
