import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openCase } from '../case/case-file.js';
import {
  aiWrites,
  answer,
  edit,
  GOOD_WORK,
  opens,
  prompt,
  runsTest,
  sampleInput,
  type Told,
} from '../testing/sample-work.js';
import { EVENT_CRITERIA } from './criteria.js';
import { readWork } from './work.js';

const findings = (told: readonly Told[]): Record<string, number | null> => {
  const work = readWork(openCase(sampleInput({ told })));
  return Object.fromEntries(EVENT_CRITERIA.map(({ id, find }) => [id, find(work).fraction]));
};
const finding = (id: string, ...told: readonly Told[]): number | null => findings(told)[id] ?? null;

describe('event analysis', () => {
  it('says nothing of an empty session', () => {
    expect(Object.values(findings([])).every((fraction) => fraction === null)).toBe(true);
  });

  it('task_division: counts requests that the AI acted on, whatever it did', () => {
    expect(finding('task_division', prompt('a'), prompt('b'))).toBeNull();
    expect(finding('task_division', prompt('a'), answer('x'))).toBe(0.4);
    expect(finding('task_division', prompt('a'), answer('x'), answer('y'), prompt('b'), aiWrites('f', 'z'))).toBe(0.55);
  });

  it('tool_choice: counts kinds of aid, not how often each was used', () => {
    expect(finding('tool_choice', opens('d1'), opens('d2'), opens('d3'))).toBe(0.4);
    expect(
      finding('tool_choice', opens('d1'), {
        type: 'memory_added',
        data: { memoryId: 'm', content: 'be brief please' },
      }),
    ).toBe(0.6);
  });

  it('verification: takes checks with nothing new between them for one', () => {
    expect(finding('verification', runsTest(1, 0), runsTest(1, 0), runsTest(1, 0))).toBe(0.4);
    expect(finding('verification', runsTest(1, 0), edit('f', 'x'), runsTest(1, 0))).toBe(0.55);
    expect(finding('verification', opens('d1'))).toBeNull();
    expect(finding('verification', answer('x'), opens('d1'))).toBe(0.4);
  });

  it('correction: counts changes on what the AI made, and requests after it', () => {
    expect(finding('correction', edit('f', 'x'), aiWrites('f', 'y'))).toBeNull();
    expect(finding('correction', aiWrites('f', 'y'), edit('g', 'x'))).toBe(0.4);
    expect(finding('correction', aiWrites('f', 'y'), edit('f', 'x'), edit('f', 'z'))).toBe(0.6);
    expect(finding('correction', aiWrites('f', 'y'), prompt('shorter please'))).toBe(0.4);
  });

  it('critical_judgement: a reason counts twice', () => {
    const rating = { type: 'ai_feedback', data: { rating: 'down' } };
    expect(finding('critical_judgement', rating)).toBe(0.4);
    expect(finding('critical_judgement', { ...rating, data: { ...rating.data, reason: 'it made up a source' } })).toBe(
      0.6,
    );
  });

  it('source_use: counts each source once, and none opened while setting up', () => {
    expect(finding('source_use', opens('d1'), opens('d1'))).toBe(0.4);
    expect(finding('source_use', { ...opens('d1'), phase: 'setup' })).toBeNull();
    expect(finding('source_use', ...['a', 'b', 'c', 'd', 'e'].map(opens))).toBe(1);
  });

  it('final_check: asks for a check after the last change, whoever made it', () => {
    expect(finding('final_check', aiWrites('f', 'x'), runsTest(2, 0))).toBe(1);
    expect(finding('final_check', edit('f', 'x'), runsTest(2, 0))).toBe(1);
    expect(finding('final_check', runsTest(2, 0), aiWrites('f', 'x'))).toBe(0.6);
    expect(finding('final_check', runsTest(2, 0), edit('f', 'x'))).toBe(0.6);
    expect(finding('final_check', aiWrites('f', 'x'), runsTest(2, 1))).toBe(0.4);
    expect(finding('final_check', aiWrites('f', 'x'))).toBeNull();
  });

  it('preparation and iteration: count what was given beforehand and what was asked after an answer', () => {
    expect(
      finding('preparation', { type: 'file_uploaded', phase: 'setup', data: { fileId: 'f', name: 'a.pdf' } }),
    ).toBe(0.4);
    expect(finding('iteration', prompt('a'))).toBeNull();
    expect(finding('iteration', prompt('a'), answer('x'), prompt('b'))).toBe(0.4);
  });
});

const work = fc.array(
  fc.oneof(
    fc.constantFrom(...GOOD_WORK),
    fc.constantFrom<Told>(
      runsTest(3, 0),
      runsTest(2, 1),
      aiWrites('memo', 'more'),
      edit('memo', 'less'),
      opens('annex'),
    ),
  ),
  { maxLength: 30 },
);

/** Nothing that the candidate or the AI did: notes, the clock, facts of the session, what came late. */
const irrelevant = fc.constantFrom<Told>(
  { type: 'security_flag', data: { code: 'tab_blur', severity: 'high' } },
  { type: 'security_flag', via: 'system', data: { code: 'prompt_injection', severity: 'high' } },
  { type: 'time_expired', via: 'system', data: { scope: 'phase' } },
  { type: 'checkpoint_saved', phase: null, data: { sha256: 'x' } },
  { type: 'deliverable_downloaded', data: { artifactId: 'memo', format: 'pptx' } },
  { ...prompt('and another request'), late: true },
  { ...aiWrites('memo', 'late'), late: true },
);

const inserted = (told: readonly Told[], extra: readonly { readonly at: number; readonly told: Told }[]): Told[] => {
  const all = [...told];
  for (const { at, told: item } of extra) all.splice(at % (all.length + 1), 0, item);
  return all;
};

describe('event analysis of any work', () => {
  const extra = fc.array(fc.record({ at: fc.nat(), told: irrelevant }), { maxLength: 10 });

  it('is not changed by events that are no part of the work, wherever they stand', () => {
    fc.assert(fc.property(work, extra, (told, more) => expect(findings(inserted(told, more))).toEqual(findings(told))));
  });

  it('is between 0.4 and 1, or silent: no rule gives a low mark for what it does not see', () => {
    fc.assert(
      fc.property(work, (told) => {
        for (const fraction of Object.values(findings(told)))
          expect(fraction === null || (fraction >= 0.4 && fraction <= 1)).toBe(true);
      }),
    );
  });

  it('never falls when the AI is used more: only a check that is overtaken by a change counts less, whoever made that', () => {
    const use = fc.constantFrom<Told>(prompt('and this'), answer('there you are'), aiWrites('memo', 'again'));
    fc.assert(
      fc.property(work, use, fc.nat(), (told, more, at) => {
        const before = findings(told);
        const after = findings(inserted(told, [{ at, told: more }]));
        for (const [id, fraction] of Object.entries(before))
          if (id !== 'final_check' && fraction !== null) expect(after[id]).toBeGreaterThanOrEqual(fraction);
      }),
    );
  });

  it('takes a change by the AI for no worse than the same change by the candidate', () => {
    const byHand = edit('memo', 'x');
    const byAi = aiWrites('memo', 'x');
    fc.assert(
      fc.property(work, fc.nat(), (told, at) => {
        const [hand, ai] = [byHand, byAi].map((change) => findings(inserted(told, [{ at, told: change }])));
        for (const id of ['final_check', 'verification', 'source_use', 'preparation'])
          expect(ai![id] ?? 0).toBeGreaterThanOrEqual(hand![id] ?? 0);
      }),
    );
  });

  it('is the same in each reading', () => {
    fc.assert(
      fc.property(work, (told) => expect(findings(told)).toEqual(findings(told.map((item) => structuredClone(item))))),
    );
  });
});
