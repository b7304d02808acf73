import { DEFAULT_RUBRIC, DEFAULT_RUBRIC_ID, DEFAULT_RUBRIC_VERSION } from '../../rubrics/default-rubric.js';
import type { Judges } from '../judge.js';
import { judgeSession } from '../judge-session.js';
import type { JudgedDeliverable, JudgedEvent, JudgedRubric, Judgement, JudgingInput } from '../judgement.js';
import { deliverableOf } from '../judging-input.js';
import { offlineJudge } from '../offline/offline-judge.js';

/** A piece of work as told, before it has a place in a stream. */
export interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly phase?: 'setup' | 'task' | null;
  readonly via?: string;
  readonly id?: string;
  readonly late?: true;
}

export const prompt = (content: string, more: Readonly<Record<string, unknown>> = {}): Told => ({
  type: 'user_message',
  data: { kind: 'prompt', content, charCount: content.length, ...more },
});
export const answer = (content: string): Told => ({
  type: 'ai_response',
  via: 'runtime',
  data: { content, model: 'm' },
});
export const aiWrites = (artifactId: string, content: string): Told => ({
  type: 'ai_tool_use',
  via: 'runtime',
  data: { tool: 'write', category: 'write', content, change: { artifactId, actor: 'ai' } },
});
export const edit = (artifactId: string, content: string): Told => ({
  type: 'content_edited',
  data: { nodeId: 'n1', content, change: { artifactId, actor: 'candidate' } },
});
export const opens = (documentId: string): Told => ({
  type: 'connector_browsed',
  data: { connectorId: 'drive', documentId },
});
export const runsTest = (passed: number, failed: number): Told => ({
  type: 'workflow_run',
  data: {
    exec: { kind: 'test', label: 'npm test', initiator: 'candidate', ok: failed === 0, tests: { passed, failed } },
  },
});

export const TASK =
  'Recommend which of the three regions Northwind should enter first. Use the market report and the cost sheet, and hand in a short memo with revenue, margin and risk for each region.';

/** Somebody who works well: briefs, asks again, looks things up, corrects and checks. */
export const GOOD_WORK: readonly Told[] = [
  {
    type: 'agents_md_edited',
    phase: 'setup',
    data: {
      afterHash: 'h1',
      patch: 'Answer first, then the evidence for revenue, margin and risk. Name the source of every number.',
    },
  },
  {
    type: 'memory_added',
    phase: 'setup',
    data: { memoryId: 'm1', content: 'Northwind sells outdoor gear in two regions.' },
  },
  {
    type: 'skill_created',
    phase: 'setup',
    data: { skillId: 's1', name: 'Check claims', content: 'Compare each figure with the cost sheet.' },
  },
  { type: 'skill_enabled', phase: 'setup', data: { skillId: 's1' } },
  prompt(
    'Summarise the market report for the three regions Northwind could enter.\n- revenue in 2025\n- margin\n- the main risk\nIn a table of at most 12 lines.',
  ),
  answer(
    'Nordics: revenue 4,200 k, margin 31 %. Iberia: revenue 6,100 k, margin 22 %. Alps: revenue 3,900 k, margin 35 %, with currency risk.',
  ),
  opens('market-report'),
  opens('cost-sheet'),
  prompt(
    'The report says the margin in Iberia is 19 %, not 22 %. Where does 22 come from? Correct it and name the page.',
  ),
  answer('You are right: page 14 of the market report says 19 %. I had taken the figure of 2023.'),
  aiWrites('memo', 'Draft: Iberia has the largest revenue, 6,100 k, at a margin of 19 %.'),
  edit('memo', 'Recommendation: enter the Alps first. The margin of 35 % outweighs the smaller revenue of 3,900 k.'),
  {
    type: 'user_message',
    data: { kind: 'decision', content: 'I take the Alps because the margin covers the currency risk.', charCount: 58 },
  },
  prompt(
    'Now shorten the memo: one paragraph for each region, with "Risk:" at its end, and keep the 35 % for the Alps.',
  ),
  answer('Done. Each region has one paragraph that ends with its risk.'),
  aiWrites('memo', 'Alps: revenue 3,900 k, margin 35 %. Risk: currency.'),
  opens('cost-sheet-2'),
  {
    type: 'ai_feedback',
    data: { messageId: 'x', rating: 'up', reason: 'It kept the figures and the order I asked for.' },
  },
  {
    type: 'slide_added',
    data: { artifactId: 'memo', slideId: 'p4', actor: 'candidate', heading: 'Risks and what we do about them' },
  },
  opens('market-report-annex'),
];

export const GOOD_MEMO = `Recommendation: Northwind should enter the Alps first.

Alps: revenue of 3,900 k and a margin of 35 %, the best of the three regions according to the market report. Risk: currency.
Nordics: revenue of 4,200 k at a margin of 31 %. Risk: two strong competitors in outdoor gear.
Iberia: the largest revenue, 6,100 k, but a margin of 19 % only. Risk: costs of logistics, see the cost sheet.

What would change this: a margin in the Alps below 28 %.`;

/** Asked once, took what came. */
export const THIN_WORK: readonly Told[] = [
  prompt('write the memo'),
  answer('Here is a memo about regions.'),
  aiWrites('memo', 'Regions are important.'),
];

export const RUBRIC: JudgedRubric = { ...DEFAULT_RUBRIC, id: DEFAULT_RUBRIC_ID, version: DEFAULT_RUBRIC_VERSION };

export interface Sample {
  readonly told?: readonly Told[];
  /** The state of what was handed in; a text is its own. */
  readonly memo?: string | Readonly<Record<string, unknown>> | null;
  readonly task?: string | null;
  readonly rubric?: JudgedRubric;
  readonly person?: JudgingInput['person'];
}

const START = Date.parse('2026-11-22T10:00:00.000Z');

/** The work in a stream, submitted. */
export const sampleInput = ({
  told = GOOD_WORK,
  memo = GOOD_MEMO,
  task = TASK,
  rubric = RUBRIC,
  person,
}: Sample = {}): JudgingInput => {
  const events = [
    ...told,
    { type: 'task_submitted', via: 'system', data: { trigger: 'candidate' } } satisfies Told,
  ].map(
    (item: Told, seq): JudgedEvent => ({
      id: item.id ?? `event-${seq}`,
      seq,
      type: item.type,
      phase: item.phase === undefined ? 'task' : item.phase,
      phaseIndex: 0,
      timestampMs: START + seq * 1_000,
      createdAt: new Date(START + seq * 1_000).toISOString(),
      via: item.via ?? 'candidate',
      data: item.data,
      ...(item.late ? { late: true as const } : {}),
    }),
  );
  const deliverables: JudgedDeliverable[] = memo === null ? [] : [deliverableOf('memo', 0, memo)];
  return {
    rubric,
    assessment: { name: 'Market entry', role: 'Analyst', taskPrompt: task, phases: [] },
    events,
    snapshot: { atSeq: events.length - 1, skills: [], candidatePermissions: {} },
    deliverables,
    ...(person ? { person } : {}),
  };
};

export const OFFLINE: Judges = { judge: offlineJudge, runs: 1, spreadBound: 0.25 };

export const judged = (input: JudgingInput, judges: Judges = OFFLINE): Promise<Judgement> =>
  judgeSession(input, judges, { signal: new AbortController().signal });

export const scoresOf = ({ categories }: Judgement): Record<string, number | null> =>
  Object.fromEntries(
    categories.flatMap(({ id, subCriteria }) =>
      subCriteria.map((criterion) => [`${id}.${criterion.id}`, criterion.score]),
    ),
  );
