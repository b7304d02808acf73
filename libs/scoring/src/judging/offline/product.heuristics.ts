import { coverage, figuresOf, saturating, sentencesOf, shared, wordsOf } from '../case/texts.js';
import { type Cited, type Finding, found, nothing } from '../finding.js';
import type { Heuristic } from './heuristic.js';
import { FEWEST_WORDS, type Material } from './material.js';

/** Heuristics for what was made. They read its text; where there is none they have nothing to say. */

const NO_TEXT = 'No text of the result is on record.';

const quoted = ({ product, brief }: Material): Cited[] =>
  product.map(({ event, text }) => ({ event, text, terms: brief }));

const withText = (material: Material, find: () => Finding): Finding =>
  material.productWords < FEWEST_WORDS ? nothing(NO_TEXT) : find();

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** A result speaks of what was asked for, though never in all of its words. */
const ENOUGH_OF_THE_BRIEF = 0.5;
const FULL_LENGTH_WORDS = 300;

const taskFulfilment: Heuristic = {
  id: 'task_fulfilment',
  rule: 'How much of the task\u2019s vocabulary the result takes up (all points from half of it), 0.6, and its length (growing up to 300 words), 0.4. Without a task text, length alone.',
  find: (material) =>
    withText(material, () => {
      const { brief, productTerms, productWords } = material;
      const length = saturating(Math.log2(1 + productWords), Math.log2(1 + FULL_LENGTH_WORDS));
      if (brief.size === 0) return found(length, quoted(material), `${productWords} words; the task has no text.`);
      const share = coverage(brief, productTerms);
      return found(
        0.6 * saturating(share, ENOUGH_OF_THE_BRIEF) + 0.4 * length,
        quoted(material),
        `${productWords} words that take up ${percent(share)} of the task's vocabulary.`,
      );
    }),
};

/** Code and differences between files: their figures are line numbers, their lines no sentences. */
const isCode = (text: string): boolean => {
  const lines = text
    .slice(0, 20_000)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const coded = lines.filter((line) =>
    /[{};]\s*$|^[+@-]|^\s*(?:def|class|import|from|return|if|for|const|let)\b.*[:;({]/.test(line),
  );
  return lines.length >= 4 && coded.length / lines.length > 0.3;
};

const accuracy: Heuristic = {
  id: 'accuracy',
  rule: 'Share of the result\u2019s figures that stand in the task, the requests or the answers (where it has three or more and is no code), else of its vocabulary; 0.3 of the points at none, all at nine in ten. A last test that passed or not counts for a third of it.',
  find: (material) =>
    withText(material, () => {
      const { productText, productTerms, sourceFigures, sourceTerms, work } = material;
      const figures = figuresOf(productText);
      const byFigures = figures.size >= 3 && !isCode(productText);
      if (sourceTerms.size === 0) return nothing('Nothing is on record that the result could be compared with.');
      const share = byFigures ? coverage(figures, sourceFigures) : coverage(productTerms, sourceTerms);
      const supported = 0.3 + 0.7 * saturating(share, byFigures ? 0.9 : 0.7);
      const what = `${percent(share)} of its ${byFigures ? 'figures' : 'vocabulary'} stand in the task, the requests or the answers`;
      const { lastTest } = work;
      if (!lastTest) return found(supported, quoted(material), `${what}.`);
      return found(
        (2 * supported + (lastTest.green ? 1 : 0.3)) / 3,
        [...quoted(material).slice(0, 2), lastTest.event],
        `${what}; its last test ${lastTest.green ? 'passed' : 'did not pass'}.`,
      );
    }),
};

const clarity: Heuristic = {
  id: 'clarity',
  rule: 'Parts (lines, headings, list items; all from six), 0.4; length of sentences (best from 6 to 30 words; of code it is not asked), 0.3; variety of words, 0.3.',
  find: (material) =>
    withText(material, () => {
      const { productText } = material;
      const head = productText.slice(0, 20_000);
      const parts = head.split('\n').filter((line) => line.trim() !== '').length;
      const sentences = sentencesOf(head);
      const words = wordsOf(head);
      const mean = words.length / Math.max(1, sentences.length);
      const readable = isCode(head) ? 1 : mean < 6 ? saturating(mean, 6) : mean <= 30 ? 1 : saturating(30, mean);
      const variety = saturating(new Set(words).size / words.length, words.length < 200 ? 0.6 : 0.35);
      return found(
        0.4 * saturating(parts, 6) + 0.3 * readable + 0.3 * variety,
        quoted(material),
        `${parts} parts, ${mean.toFixed(1)} words a sentence.`,
      );
    }),
};

/** What is left over from making something, in signs rather than in words of one language. */
const LEFT_OVER: Readonly<Record<string, RegExp>> = {
  'a note to do': /\b(?:TODO|FIXME|TBD|XXX|TBC)\b/,
  'filler text': /lorem ipsum|asdf|qwertz|qwerty/i,
  'an open placeholder':
    /\[(?:insert|your|name|company|date|tbd|placeholder|x+)\b[^\]]{0,40}\]|\{\{[^}]{0,60}\}\}|<(?:insert|your)[^>]{0,40}>|_{5,}/i,
  'a conflict marker': /^(?:<{7}|={7}|>{7})(?: |$)/m,
};

const finish: Heuristic = {
  id: 'finish',
  rule: 'All points less 0.2 for each kind of left-over (notes to do, filler, open placeholders, conflict markers) and 0.2 for a last test that did not pass, down to 0.2; up to 40 words in proportion.',
  find: (material) =>
    withText(material, () => {
      const { productText, productWords, work } = material;
      const left = Object.entries(LEFT_OVER).filter(([, pattern]) => pattern.test(productText));
      const failing = work.lastTest !== null && !work.lastTest.green ? 1 : 0;
      const clean = Math.max(0.2, 1 - 0.2 * (left.length + failing));
      const names = [...left.map(([name]) => name), ...(failing ? ['a test that did not pass'] : [])];
      return found(
        clean * saturating(productWords, 40),
        [...quoted(material).slice(0, 2), ...(failing && work.lastTest ? [work.lastTest.event] : [])],
        names.length === 0 ? 'Nothing left over was found.' : `Found: ${names.join(', ')}.`,
      );
    }),
};

/** For criteria of an organization's own that no other heuristic knows. */
export const relevance: Heuristic = {
  id: 'relevance',
  rule: 'For any other criterion: how much of its own and the task\u2019s vocabulary is taken up by result and requests (all points from four in ten), 0.6, and the length of both (growing up to 400 words), 0.4.',
  find: (material, criterion) => {
    const { work, productText, product, brief } = material;
    const requests = work.prompts.map(({ text }) => text).join('\n');
    const words = wordsOf(`${productText}\n${requests}`);
    if (words.length < FEWEST_WORDS) return nothing('Neither a text of the result nor a request is on record.');
    const wanted = new Set([...criterion.terms, ...brief]);
    const said = new Set([...material.productTerms, ...criterion.termsOf(requests)]);
    const share = coverage(wanted, said);
    return found(
      0.6 * saturating(share, 0.4) + 0.4 * saturating(Math.log2(1 + words.length), Math.log2(401)),
      [...product, ...work.prompts]
        .filter(({ text }) => shared(criterion.terms, criterion.termsOf(text)) > 0 || wanted.size === 0)
        .concat(product.slice(0, 1), work.prompts.slice(0, 1))
        .slice(0, 3)
        .map(({ event, text }) => ({ event, text, terms: wanted })),
      `${words.length} words that take up ${percent(share)} of what the criterion and the task speak of.`,
    );
  },
};

export const productHeuristics: readonly Heuristic[] = [taskFulfilment, accuracy, clarity, finish];
