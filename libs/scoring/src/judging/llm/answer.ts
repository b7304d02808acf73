import { isRecord } from '#sessions';
import type { CaseEvent, CaseFile } from '../case/case-file.js';
import type { Evidence, FollowUpQuestion } from '../judgement.js';
import { labelOf } from './rendering.js';

export const TOP_SCORE = 10;

/** Strict structured output: every field is required, nothing else is allowed. Evidence first, so that the score follows from it. */
export const ANSWER_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['evidence', 'rationale', 'score', 'confidence', 'followUp'],
  properties: {
    evidence: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['event', 'quote'],
        properties: { event: { type: 'string' }, quote: { type: 'string' } },
      },
    },
    rationale: { type: 'string' },
    score: { type: ['integer', 'null'] },
    confidence: { type: 'number' },
    followUp: {
      anyOf: [
        {
          type: 'object',
          additionalProperties: false,
          required: ['question', 'rationale', 'lookFor'],
          properties: { question: { type: 'string' }, rationale: { type: 'string' }, lookFor: { type: 'string' } },
        },
        { type: 'null' },
      ],
    },
  },
} as const;

export interface ModelAnswer {
  readonly score: number | null;
  readonly evidence: readonly Evidence[];
  readonly rationale: string;
  readonly confidence: number;
  readonly followUp: Omit<FollowUpQuestion, 'categoryId'> | null;
}

/** Why an answer is not taken, in words for the model. */
export interface Rejected {
  readonly rejected: string;
}

const no = (rejected: string): Rejected => ({ rejected });

const MOST_EVIDENCE = 6;
const LONGEST_TEXT = 2_000;
const LONGEST_QUOTE = 500;

/** What the model said, held against the schema and against the record: servers differ in how strict "strict" is. */
export const readAnswer = (
  content: string,
  file: CaseFile,
  shown: ReadonlyMap<string, CaseEvent>,
): ModelAnswer | Rejected => {
  const told = parsed(content);
  if (!isRecord(told)) return no('it is not one JSON object.');
  const { score, rationale, confidence } = told;
  if (score !== null && !(Number.isInteger(score) && Number(score) >= 0 && Number(score) <= TOP_SCORE))
    return no(`"score" must be a whole number from 0 to ${TOP_SCORE} or null.`);
  if (typeof rationale !== 'string' || rationale.trim() === '') return no('"rationale" must be a text.');
  if (typeof confidence !== 'number' || !(confidence >= 0 && confidence <= 1))
    return no('"confidence" must be a number from 0 to 1.');
  const evidence = evidenceIn(told.evidence, file, shown);
  if ('rejected' in evidence) return evidence;
  if (score !== null && evidence.cited.length === 0) return no('a score needs evidence; without any it must be null.');
  const followUp = followUpIn(told.followUp);
  if (followUp !== null && 'rejected' in followUp) return followUp;
  return {
    score: score as number | null,
    evidence: evidence.cited,
    rationale: rationale.trim().slice(0, LONGEST_TEXT).toWellFormed(),
    confidence,
    followUp,
  };
};

const parsed = (content: string): unknown => {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
};

const evidenceIn = (
  told: unknown,
  file: CaseFile,
  shown: ReadonlyMap<string, CaseEvent>,
): { readonly cited: readonly Evidence[] } | Rejected => {
  if (!Array.isArray(told)) return no('"evidence" must be a list.');
  const cited: Evidence[] = [];
  for (const item of told.slice(0, MOST_EVIDENCE)) {
    if (!isRecord(item) || typeof item.event !== 'string' || typeof item.quote !== 'string')
      return no('each piece of evidence must have "event" and "quote".');
    const event = shown.get(item.event.trim());
    if (!event) return no('it names an event that was not shown.');
    const quote = item.quote.trim();
    if (quote.length > LONGEST_QUOTE || !file.quoteStands(event, quote))
      return no(`its quote does not stand in ${labelOf(event)}: copy up to ${LONGEST_QUOTE} characters of it exactly.`);
    cited.push({ eventId: event.id, quote, ...(event.claim ? { claim: true as const } : {}) });
  }
  return { cited };
};

const followUpIn = (told: unknown): ModelAnswer['followUp'] | Rejected => {
  if (told === null) return null;
  if (!isRecord(told)) return no('"followUp" must be an object or null.');
  const { question, rationale, lookFor } = told;
  if (typeof question !== 'string' || typeof rationale !== 'string' || typeof lookFor !== 'string')
    return no('"followUp" must have "question", "rationale" and "lookFor".');
  const short = (text: string): string => text.trim().slice(0, 500).toWellFormed();
  return { question: short(question), rationale: short(rationale), lookFor: short(lookFor) };
};
