import type { CaseFile, CaseText } from '../case/case-file.js';
import { figuresOf, shared, termsOf, wordsOf } from '../case/texts.js';
import { readWork, type Work } from '../events/work.js';

/** What the heuristics of the offline judge read: the work, and what its texts are about. */
export interface Material {
  readonly file: CaseFile;
  readonly work: Work;
  /** What the task asks for, in terms; empty when the assessment says nothing. */
  readonly brief: ReadonlySet<string>;
  /** What was handed in; where no text was, what events hold of its making. */
  readonly product: readonly CaseText[];
  readonly productText: string;
  readonly productTerms: ReadonlySet<string>;
  readonly productWords: number;
  /** What the candidate could take facts from: the task, answers of the AI, its own requests. */
  readonly sourceTerms: ReadonlySet<string>;
  readonly sourceFigures: ReadonlySet<string>;
  /** Requests that speak of what the answer before them spoke of, or of a figure in it. */
  readonly takenUp: readonly CaseText[];
}

/** Fewer words than this are no text to judge: a link, a count, a file's name. */
export const FEWEST_WORDS = 12;

/** Long texts are looked at up to here; what is beyond changes no share by much and costs much. */
const LONGEST = 200_000;

export const materialOf = (file: CaseFile): Material => {
  const work = readWork(file);
  const { name, role, taskPrompt, phases } = file.assessment;
  const briefText = [name, role, taskPrompt, ...phases.flatMap((phase) => [phase.name, phase.brief])].join('\n');
  const handedIn = file.deliverables
    .map(({ event, prose }) => ({ event, text: prose }))
    .filter(({ text }) => wordsOf(text.slice(0, 2_000)).length >= FEWEST_WORDS);
  const product = handedIn.length > 0 ? handedIn : work.writings;
  const productText = joined(product);
  const sources = joined([...work.answers, ...work.prompts]);
  return {
    file,
    work,
    brief: termsOf(briefText),
    product,
    productText,
    productTerms: termsOf(productText),
    productWords: wordsOf(productText).length,
    sourceTerms: new Set([...termsOf(sources), ...termsOf(briefText)]),
    sourceFigures: new Set([...figuresOf(sources), ...figuresOf(briefText)]),
    takenUp: takenUpIn(work),
  };
};

const takenUpIn = ({ followUps }: Work): CaseText[] => {
  // Requests follow upon the same answer until the AI gives another.
  const known = new Map<CaseText, { readonly terms: ReadonlySet<string>; readonly figures: ReadonlySet<string> }>();
  const heard = (answer: CaseText) => {
    const read = known.get(answer) ?? { terms: termsOf(answer.text), figures: figuresOf(answer.text) };
    known.set(answer, read);
    return read;
  };
  return followUps
    .filter(({ prompt: { text }, answer }) => {
      const { terms, figures } = heard(answer);
      return shared(termsOf(text), terms) >= 2 || shared(figuresOf(text), figures) >= 1;
    })
    .map(({ prompt }) => prompt);
};

const joined = (texts: readonly CaseText[]): string => {
  const parts: string[] = [];
  let length = 0;
  for (const { text } of texts) {
    if (length >= LONGEST) break;
    parts.push(text.slice(0, LONGEST - length));
    length += text.length;
  }
  return parts.join('\n');
};
