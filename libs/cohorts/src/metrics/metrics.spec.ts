import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '#event-sourcing';
import { ACTIVITY_TYPES } from '#sessions';
import { activity, fact, foldFrom, foldMetrics, START, submitted, taskStarted } from '../testing/told.js';
import { METRIC_DEFINITIONS } from './definitions.js';
import { asNumber, type Measures, measuresOf, RANKED } from './measures.js';

const shown = (facts: readonly Fact[]) => {
  const measures = measuresOf(foldMetrics([taskStarted(), ...facts]));
  return {
    ...Object.fromEntries(RANKED.map((metric) => [metric, asNumber(measures[metric])])),
    testsPass: measures.testsPass,
  } as Record<keyof Measures, unknown>;
};
const prompt = (at: number, body: object = {}) => activity('user_message', at, { charCount: 5, ...body });
const command = (at: number, exec: object = {}) => activity('workflow_run', at, { exec: { kind: 'command', ...exec } });
const test = (at: number, tests: unknown) => activity('workflow_run', at, { exec: { kind: 'test', tests } });
const edit = (at: number, nodeId?: string) =>
  activity('content_edited', at, { nodeId, change: { actor: 'candidate' } });
const aiEdit = (at: number, artifactId = `file-${at}`) => activity('ai_tool_use', at, { change: { artifactId } });
const answer = (at: number) => activity('ai_response', at);
const inbox = (at: number) => activity('inbox_item_opened', at, { itemId: 'i' });

describe('durationMs', () => {
  it('is from the start of the task to the submission', () => {
    expect(shown([submitted(60)]).durationMs).toBe(60_000);
  });
  it('is null until then, and again after reopening', () => {
    expect(shown([prompt(1)]).durationMs).toBeNull();
    expect(shown([submitted(60), fact('session_reopened', 70, {})]).durationMs).toBeNull();
    expect(shown([submitted(60), fact('session_reopened', 70, {}), submitted(90)]).durationMs).toBe(90_000);
  });
});

describe('promptCount', () => {
  it.each([
    ['a plain message', {}, 1],
    ['one of kind prompt', { kind: 'prompt' }, 1],
    ['a decision', { kind: 'decision' }, 0],
    ['an empty one', { charCount: 0 }, 0],
    ['one of somebody else', { actor: 'ai' }, 0],
    ['a kind that is no word', { kind: 7 }, 0],
    ['a count that is no number', { charCount: '5' }, 0],
  ])('counts %s as the definition says', (_, body, count) => {
    expect(shown([prompt(1, body)]).promptCount).toBe(count);
  });
  it('counts in all phases and leaves out what came late', () => {
    const early = activity('user_message', -5, { charCount: 1 }, { phase: 'setup' });
    const late = activity('user_message', 5, { charCount: 1 }, { late: true });
    expect(shown([early, late, prompt(1)]).promptCount).toBe(2);
  });
});

describe('commandFailRate', () => {
  it.each([
    [{ ok: true }, 0],
    [{ exitCode: 0 }, 0],
    [{ ok: false }, 1],
    [{ exitCode: 1 }, 1],
    [{ ok: true, exitCode: 2 }, 1],
    [{}, 0],
    [{ ok: 'no', exitCode: '1' }, 0],
  ])('of one command with %j is %d', (exec, rate) => {
    expect(shown([command(1, exec)]).commandFailRate).toBe(rate);
  });
  it('counts commands of whoever ran them, and no tests', () => {
    const byAi = activity('ai_tool_use', 2, { exec: { kind: 'command', exitCode: 1 } });
    const slash = activity('slash_command', 3, { exec: { kind: 'command', exitCode: 0 } });
    expect(shown([command(1), byAi, slash, test(4, { passed: 0, failed: 3 })]).commandFailRate).toBe(1 / 3);
    expect(shown([test(4, { passed: 0, failed: 3 })]).commandFailRate).toBeNull();
  });
});

describe('verifyIntensity', () => {
  it('is null when the AI changed nothing', () => {
    expect(shown([test(1, {}), edit(2)]).verifyIntensity).toBeNull();
  });
  it('counts tests, and commands that lint, check or build', () => {
    const facts = [aiEdit(1), test(2, {}), command(3, { verify: true }), command(4, { verify: false }), command(5)];
    expect(shown(facts).verifyIntensity).toBe(2);
  });
  it('counts sources opened between an answer and the next change', () => {
    expect(shown([inbox(1), answer(2), inbox(3), inbox(4), aiEdit(5), inbox(6)]).verifyIntensity).toBe(2);
    expect(shown([answer(2), edit(3), inbox(4), aiEdit(5)]).verifyIntensity).toBe(0);
  });
  it('counts documents of a source during the task, no mere browsing', () => {
    const browse = (body: object, phase = 'task') => activity('connector_browsed', 3, body, { phase });
    const document = { documentId: 'd' };
    expect(shown([answer(1), browse(document), browse({}), browse(document, 'setup'), aiEdit(4)]).verifyIntensity).toBe(
      1,
    );
  });
  it('takes AI changes without an action of the candidate in between as one bundle', () => {
    expect(shown([test(0, {}), aiEdit(1), answer(2), aiEdit(3)]).verifyIntensity).toBe(1);
    expect(shown([test(0, {}), aiEdit(1), prompt(2), aiEdit(3)]).verifyIntensity).toBe(1 / 2);
  });
  it('lets neither flags nor what the AI runs end a bundle', () => {
    const flag = activity('security_flag', 2, { code: 'tab_blur' });
    const byAi = activity('workflow_run', 2, { exec: { kind: 'workflow', initiator: 'ai' } });
    expect(shown([test(0, {}), aiEdit(1), flag, byAi, aiEdit(3)]).verifyIntensity).toBe(1);
  });
});

describe('manualEditRatio', () => {
  it('is null when nothing was changed', () => {
    expect(shown([prompt(1), answer(2)]).manualEditRatio).toBeNull();
  });
  it('is the share of changes by the candidate', () => {
    expect(shown([edit(1, 'a'), aiEdit(2), aiEdit(4), aiEdit(6)]).manualEditRatio).toBe(1 / 4);
  });
  it.each([
    ['manual_edit', {}, 1],
    ['workflow_prompt_edited', {}, 1],
    ['deliverable_reuploaded', {}, 1],
    ['content_edited', { change: { actor: 'ai' } }, 0],
    ['content_edited', {}, 1],
    ['slide_added', { actor: 'ai' }, 0],
    ['section_deleted', { actor: 'candidate' }, 1],
    ['slide_reordered', { actor: 7 }, 1],
    ['ai_tool_use', { change: {} }, 0],
  ])('counts %s with %j by whom it was', (type, body, ratio) => {
    expect(shown([activity(type, 1, body)]).manualEditRatio).toBe(ratio);
  });
  it('takes the word of the AI back end for its own where the body names nobody', () => {
    expect(shown([activity('slide_added', 1, {}, { via: 'runtime' })]).manualEditRatio).toBe(0);
  });
  it('takes keystrokes on one node less than two seconds apart as one', () => {
    const keys = [edit(1, 'a'), edit(2.9, 'a'), edit(4.8, 'a'), aiEdit(10)];
    expect(shown(keys).manualEditRatio).toBe(1 / 2);
    expect(shown([edit(1, 'a'), edit(3, 'a'), aiEdit(10)]).manualEditRatio).toBe(2 / 3);
  });
  it('keeps nodes apart, and sides', () => {
    expect(shown([edit(1, 'a'), edit(1.5, 'b'), edit(2, 'a'), aiEdit(10)]).manualEditRatio).toBe(2 / 3);
    expect(shown([aiEdit(1, 'f'), activity('manual_edit', 1.5, { change: { artifactId: 'f' } })]).manualEditRatio).toBe(
      1 / 2,
    );
  });
  it('counts slides one by one, and edits of nobody knows what', () => {
    const slide = (at: number) => activity('slide_added', at, { artifactId: 'deck', actor: 'candidate' });
    expect(shown([slide(1), slide(1.1), slide(1.2), aiEdit(9)]).manualEditRatio).toBe(3 / 4);
    expect(shown([edit(1), edit(1.1), aiEdit(9)]).manualEditRatio).toBe(2 / 3);
  });
});

describe('firstChangeLatencyMs', () => {
  it('is to the first change by anyone', () => {
    expect(shown([prompt(3), aiEdit(10), edit(20)]).firstChangeLatencyMs).toBe(10_000);
    expect(shown([prompt(3)]).firstChangeLatencyMs).toBeNull();
  });
  it.each([
    ['before the task', -60, 0],
    ['after it was received', 60, 10_000],
    ['in between', 4, 4_000],
  ])('takes a client that says %s no further than the server knows', (_, said, latency) => {
    const told = activity('manual_edit', 10, {}, { timestampMs: START + said * 1000 });
    expect(shown([told]).firstChangeLatencyMs).toBe(latency);
  });
  it('is nothing for what was changed before the task began', () => {
    const facts = [activity('manual_edit', -5, {}, { phase: 'setup' }), taskStarted(), edit(9)];
    expect(measuresOf(foldMetrics(facts)).firstChangeLatencyMs).toEqual({ numerator: 0, denominator: 1 });
    expect(measuresOf(foldMetrics(facts.slice(0, 1))).firstChangeLatencyMs).toBeNull();
  });
});

describe('whether tests pass', () => {
  it.each([
    [[{ passed: 3, failed: 0 }], true],
    [[{ passed: 3, failed: 1 }], false],
    [[{ passed: 0, failed: 0 }], false],
    [
      [
        { passed: 3, failed: 0 },
        { passed: 2, failed: 1 },
      ],
      false,
    ],
    [
      [
        { passed: 2, failed: 1 },
        { passed: 3, failed: 0 },
      ],
      true,
    ],
    [[undefined], false],
    [[{ passed: '3', failed: 0 }], false],
    [[], null],
  ])('of runs with %j is %j', (runs, pass) => {
    expect(shown(runs.map((tests, at) => test(at, tests))).testsPass).toBe(pass);
  });
});

describe('metrics of any session', () => {
  const bodies = fc.record(
    {
      exec: fc.oneof(
        fc.anything(),
        fc.record({ kind: fc.constantFrom('command', 'test'), exitCode: fc.nat(2), tests: fc.anything() }),
      ),
      change: fc.oneof(
        fc.anything(),
        fc.record({ artifactId: fc.constantFrom('f', 'g'), actor: fc.constantFrom('ai', 'candidate') }),
      ),
      kind: fc.anything(),
      actor: fc.anything(),
      charCount: fc.anything(),
      documentId: fc.anything(),
      nodeId: fc.constantFrom('a', 'b', '__proto__', 7, undefined),
    },
    { requiredKeys: [] },
  );
  const facts = fc.array(
    fc.oneof(
      fc
        .tuple(fc.constantFrom(...ACTIVITY_TYPES), fc.nat(500), bodies)
        .map(([type, at, body]) => activity(type, at, body)),
      fc
        .tuple(fc.constantFrom(...ACTIVITY_TYPES, 'task_started', 'session_reopened', 'unheard_of'), fc.anything())
        .map(([type, data]) => fact(type, 1, data as object)),
    ),
    { maxLength: 40 },
  );

  it('never throw, whatever stands in a body, and stay within their ranges', () => {
    fc.assert(
      fc.property(facts, (told) => {
        const values = shown(told);
        for (const { name, range } of METRIC_DEFINITIONS) {
          const value = values[name as keyof Measures] ?? null;
          if (typeof value !== 'number') continue;
          expect(value).toBeGreaterThanOrEqual(range.min);
          expect(value).toBeLessThanOrEqual(range.max ?? Number.MAX_SAFE_INTEGER);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('carried through JSON from fact to fact are those of a fold from scratch', () => {
    fc.assert(
      fc.property(facts, fc.nat(40), (told, cut) => {
        const carried = JSON.parse(JSON.stringify(foldMetrics(told.slice(0, cut)))) as ReturnType<typeof foldMetrics>;
        const whole = foldMetrics(told);
        expect(JSON.stringify(told.slice(cut).reduce((state, one) => foldFrom(state, one), carried))).toBe(
          JSON.stringify(whole),
        );
      }),
      { numRuns: 200 },
    );
  });
});
