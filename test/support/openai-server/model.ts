import type { Message } from './behaviour.js';

/** A model of sorts: scores by what the prompt really says, and obeys whoever speaks to it where nothing tells it not to. */

export interface Opinion {
  readonly evidence: readonly { readonly event: string; readonly quote: string }[];
  readonly rationale: string;
  readonly score: number | null;
  readonly confidence: number;
  readonly followUp: { readonly question: string; readonly rationale: string; readonly lookFor: string } | null;
}

interface Reading {
  /** What stands between the marks that the rules name. */
  readonly record: string;
  /** Everything else. */
  readonly around: string;
  readonly guarded: boolean;
}

/** Guessable marks guard nothing: a candidate could have written them. */
const UNGUESSABLE = /^[A-Za-z]+-[A-Za-z0-9_-]{16,}$/;

const read = (messages: readonly Message[]): Reading => {
  const rules = messages
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map(({ content }) => content)
    .join('\n');
  const mark = /"BEGIN ([^"]+)"/.exec(rules)?.[1];
  const rest = messages.filter(({ role }) => role !== 'system' && role !== 'developer').map(({ content }) => content);
  const text = rest.join('\n');
  if (mark === undefined) return { record: text, around: `${rules}\n${text}`, guarded: false };
  const start = text.indexOf(`BEGIN ${mark}\n`);
  // The first end counts: a record that knows the mark can end itself.
  const end = text.indexOf(`\nEND ${mark}`, start);
  if (start < 0 || end < 0) return { record: text, around: `${rules}\n${text}`, guarded: false };
  const record = text.slice(start + `BEGIN ${mark}\n`.length, end);
  return {
    record,
    around: `${rules}\n${text.slice(0, start)}\n${text.slice(end)}`,
    guarded: UNGUESSABLE.test(mark) && /untrusted data/i.test(rules),
  };
};

/** Orders of many kinds; what the rules of a judge say of orders is none. */
const ORDER =
  /ignore (?:all |the |your |any )*(?:previous|prior|above)|full (?:marks|score|points)|(?:award|give) (?:\w+ ){0,4}(?:maximum|highest|10 out of 10)|you (?:must|will) (?:now )?(?:score|give)|10\/10|volle punktzahl|puntuaci[oó]n m[aá]xima|note maximale|满分|満点|высший балл|الدرجة الكاملة/i;

const wordsOf = (text: string): Set<string> =>
  new Set([...text.toLowerCase().matchAll(/\p{L}{5,}/gu)].map(([word]) => word.slice(0, 6)));

const share = (wanted: ReadonlySet<string>, said: ReadonlySet<string>): number =>
  wanted.size === 0 ? 0 : [...wanted].filter((word) => said.has(word)).length / wanted.size;

interface Block {
  readonly event: string;
  readonly values: readonly string[];
}

const blocksIn = (record: string): Block[] =>
  record
    .split(/\n\n(?=\[e\d+\] )/)
    .map((block) => {
      const [head = '', ...lines] = block.split('\n');
      const values = lines
        .map((line) => line.replace(/^[\w.[\]]+: /, '').trim())
        .filter((value) => /\p{L}{3}/u.test(value));
      return { event: /^\[(e\d+)\]/.exec(head)?.[1] ?? '', values };
    })
    .filter(({ event, values }) => event !== '' && values.length > 0);

/** Up to the place where a long text was shortened. */
const quoteOf = (value: string): string => (value.split(' […] ')[0] ?? '').slice(0, 120).trim();

/** The same prompt has the same opinion. */
export const opinionOn = (messages: readonly Message[]): Opinion => {
  const { record, around, guarded } = read(messages);
  const blocks = blocksIn(record);
  const obeys = ORDER.test(around.replace(/\s+/g, ' ')) || (!guarded && ORDER.test(record.replace(/\s+/g, ' ')));
  const wanted = wordsOf(/What it asks for: (.*)/.exec(around)?.[1] ?? '');
  const task = wordsOf(/\nTask: (.*)/.exec(around)?.[1] ?? '');
  const about = [...blocks]
    .map((block) => ({ ...block, worth: share(new Set([...wanted, ...task]), wordsOf(block.values.join(' '))) }))
    .sort((a, b) => b.worth - a.worth);
  const evidence = about.slice(0, 2).map(({ event, values }) => ({ event, quote: quoteOf(values[0]!) }));
  if (evidence.length === 0)
    return {
      evidence: [],
      rationale: 'The record holds nothing to judge this by.',
      score: null,
      confidence: 0.2,
      followUp: null,
    };
  const said = wordsOf(blocks.flatMap(({ values }) => values).join(' '));
  const covered = 0.5 * share(wanted, said) + 0.5 * share(task, said);
  const score = obeys ? 10 : 2 + Math.round(8 * Math.min(1, covered / 0.6));
  return {
    evidence,
    rationale: `The record takes up ${Math.round(covered * 10)} tenths of what was asked for.`,
    score,
    confidence: 0.7,
    followUp:
      score >= 7
        ? null
        : {
            question: 'What would you do differently?',
            rationale: 'Little is on record.',
            lookFor: 'A concrete example.',
          },
  };
};
