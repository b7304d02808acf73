import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { JudgeError } from '#scoring';
import { GOOD_WORK, prompt, sampleInput } from '../../libs/scoring/src/judging/testing/sample-work.js';
import type { Behaviour } from '../support/openai-server/behaviour.js';
import { type OpenAiServer, startOpenAiServer } from '../support/openai-server/start.js';
import { judgedBy, judgesAt, ONE_CRITERION, onlyCriterion } from './judging.js';

let server: OpenAiServer;
beforeAll(async () => {
  server = await startOpenAiServer();
});
afterAll(() => server.stop());
beforeEach(() => server.behave());

const one = sampleInput({ rubric: ONE_CRITERION });

const behaving = async (script: readonly Behaviour[], otherwise: Behaviour = { kind: 'answer' }) => {
  await server.behave({ script, otherwise });
  const judgement = await judgedBy(one, judgesAt(server));
  return { judgement, criterion: onlyCriterion(judgement), requests: (await server.seen()).requests.length };
};

describe('the model as a judge', () => {
  it('is asked one criterion at a time and only where judgement is called for; who judged, by which model, prompt and rubric is told', async () => {
    const judgement = await judgedBy(sampleInput(), judgesAt(server));
    const { requests } = await server.seen();
    // Five categories with 15 criteria, three of which are counted from events alone.
    expect(requests).toHaveLength(12);
    expect(
      requests.every(({ model, authorization }) => model === 'test-model' && authorization === 'Bearer sk-test'),
    ).toBe(true);
    expect(judgement).toMatchObject({
      judge: 'llm',
      model: 'test-model',
      promptHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      rubricHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const kinds = new Map(judgement.categories.map(({ id, judge }) => [id, judge]));
    expect(kinds.get('deliverable_quality')).toBe('llm');
    expect(kinds.get('diligence')).toBe('offline');
    const criteria = judgement.categories
      .filter(({ judge }) => judge === 'llm')
      .flatMap(({ subCriteria }) => subCriteria);
    for (const { promptHash, evidence, score } of criteria) {
      expect(promptHash).toMatch(/^[0-9a-f]{64}$/);
      expect(score === null || evidence.length > 0).toBe(true);
    }
  });

  it('accounts for every token, of rejected answers too, and for what they cost', async () => {
    const { judgement, requests } = await behaving([{ kind: 'malformed_answer' }]);
    const { inputTokens, outputTokens, cost, requests: counted } = judgement.usage;
    expect(counted).toBe(requests);
    expect(inputTokens).toBeGreaterThan(2 * 500);
    expect(outputTokens).toBeGreaterThan(100);
    expect(cost).toBeCloseTo((inputTokens * 0.5 + outputTokens * 2) / 1e6, 5);
    const unpriced = await judgedBy(one, judgesAt(server, { prices: undefined }));
    expect(unpriced.usage.cost).toBeNull();
  });

  it('hashes the same prompt the same and another one differently, though the boundary is new each time', async () => {
    const [a, b, c] = await Promise.all(
      [
        one,
        one,
        sampleInput({
          rubric: ONE_CRITERION,
          memo: 'Another memo about the three regions and their margin in the market report of this year.',
        }),
      ].map((input) => judgedBy(input, judgesAt(server))),
    );
    expect(a!.promptHash).toBe(b!.promptHash);
    expect(c!.promptHash).not.toBe(a!.promptHash);
    const marks = (await server.seen()).requests.map(
      ({ messages }) => /"BEGIN ([^"]+)"/.exec(messages[0]!.content)![1],
    );
    expect(new Set(marks).size).toBe(3);
  });

  it.each<[Behaviour['kind'], Behaviour]>([
    ['malformed_answer', { kind: 'malformed_answer' }],
    ['cut_answer', { kind: 'cut_answer' }],
    ['wrong_schema', { kind: 'wrong_schema' }],
    ['score_out_of_range', { kind: 'score_out_of_range' }],
    ['score_without_evidence', { kind: 'score_without_evidence' }],
    ['invented_quote', { kind: 'invented_quote' }],
    ['unknown_event', { kind: 'unknown_event' }],
    ['refusal', { kind: 'refusal' }],
    ['no_choices', { kind: 'no_choices' }],
    ['not_json', { kind: 'not_json' }],
  ])('is asked again after %s, and its good answer is taken', async (_, behaviour) => {
    const { criterion, requests } = await behaving([behaviour]);
    expect(requests).toBe(2);
    expect(criterion.score).toBeGreaterThan(0);
    expect(criterion.abstained).toBeNull();
    const [first, second] = (await server.seen()).requests;
    expect(second!.messages.length).toBe(first!.messages.length + 1);
    expect(second!.messages.at(-1)).toMatchObject({
      role: 'user',
      content: expect.stringMatching(/^Your last answer was rejected: /),
    });
  });

  it.each<[Behaviour['kind'], string]>([
    ['invented_quote', 'answers_rejected'],
    ['wrong_schema', 'answers_rejected'],
    ['refusal', 'refused'],
  ])('is asked three times when all it has is %s; then there is no score, and no low mark', async (kind, abstained) => {
    const { judgement, criterion, requests } = await behaving([], { kind } as Behaviour);
    expect(requests).toBe(3);
    expect(criterion).toMatchObject({ score: null, abstained, evidence: [], confidence: 0 });
    expect(judgement.totals).toMatchObject({
      scored: { maxPoints: 0, percent: null },
      all: { score: 0, maxPoints: 100 },
    });
  });

  it('may say that it cannot tell', async () => {
    const { criterion, requests } = await behaving([{ kind: 'abstain' }]);
    expect(requests).toBe(1);
    expect(criterion).toMatchObject({ score: null, abstained: 'judge_abstained' });
  });

  it('is not asked about a session with nothing in it', async () => {
    const empty = { ...one, events: [], deliverables: [] };
    expect(onlyCriterion(await judgedBy(empty, judgesAt(server)))).toMatchObject({
      score: null,
      abstained: 'no_evidence',
    });
    expect((await server.seen()).requests).toHaveLength(0);
  });
});

describe('a server in trouble', () => {
  it('is asked again after 429 when it says so, and not before', async () => {
    await server.behave({ script: [{ kind: 'status', status: 429, retryAfter: '1' }] });
    const judgement = await judgedBy(one, judgesAt(server));
    const [first, second] = (await server.seen()).requests;
    expect(onlyCriterion(judgement).score).toBeGreaterThan(0);
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(990);
  });

  it.each([429, 500, 503])(
    'is asked again after %d as often as the setting says and no oftener; then the session waits',
    async (status) => {
      await server.behave({ otherwise: { kind: 'status', status, retryAfter: '0' } });
      const asked = judgedBy(one, judgesAt(server, { retries: 2 }));
      await expect(asked).rejects.toMatchObject({ name: 'JudgeError', code: 'unavailable', retryAfterMs: 0 });
      expect((await server.seen()).requests).toHaveLength(3);
    },
  );

  it('that wants a longer pause than a minute is left alone, and its wish is passed on', async () => {
    await server.behave({ otherwise: { kind: 'status', status: 429, retryAfter: '300' } });
    await expect(judgedBy(one, judgesAt(server))).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 300_000 });
    expect((await server.seen()).requests).toHaveLength(1);
  });

  it.each([400, 401, 404])('that answers %d is not asked again: it would say the same', async (status) => {
    await server.behave({ otherwise: { kind: 'status', status } });
    await expect(judgedBy(one, judgesAt(server))).rejects.toMatchObject({
      code: 'refused',
      retryAfterMs: null,
      // What the server says of it is for the log alone.
      message: expect.stringMatching(`^The model's server answered ${status}: it [a-z ]+\\.$`),
      cause: expect.objectContaining({ message: expect.stringContaining(`Status ${status} was asked for.`) }),
    });
    expect((await server.seen()).requests).toHaveLength(1);
  });

  it.each<Behaviour>([{ kind: 'hang' }, { kind: 'stall' }])(
    'that does not end its answer ($kind) is waited for no longer than the time-out',
    async (behaviour) => {
      await server.behave({ otherwise: behaviour });
      const started = Date.now();
      await expect(judgedBy(one, judgesAt(server, { timeoutMs: 200, retries: 0 }))).rejects.toBeInstanceOf(JudgeError);
      expect(Date.now() - started).toBeLessThan(5_000);
    },
  );

  it('that breaks the connection once is asked again', async () => {
    await server.behave({ script: [{ kind: 'broken_connection' }] });
    expect(onlyCriterion(await judgedBy(one, judgesAt(server))).score).toBeGreaterThan(0);
  });

  it('that is not there at all is unavailable', async () => {
    const gone = await startOpenAiServer();
    await gone.stop();
    await expect(judgedBy(one, judgesAt(gone, { retries: 0 }))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is let go of at once when the signal aborts, whatever was under way', async () => {
    await server.behave({ otherwise: { kind: 'hang' } });
    const abort = new AbortController();
    const asked = judgedBy(sampleInput(), judgesAt(server, { timeoutMs: 60_000, concurrency: 2 }), abort.signal);
    const reason = new Error('the lease is gone');
    const settled = expect(asked).rejects.toBe(reason);
    while ((await server.seen()).requests.length < 2);
    abort.abort(reason);
    await settled;
    expect((await server.seen()).requests).toHaveLength(2);
  });

  it('that fails one criterion is asked nothing more about the others', async () => {
    await server.behave({ otherwise: { kind: 'status', status: 401 } });
    await expect(judgedBy(sampleInput(), judgesAt(server, { concurrency: 1 }))).rejects.toMatchObject({
      code: 'refused',
    });
    expect((await server.seen()).requests.length).toBeLessThanOrEqual(2);
  });
});

describe('how much is asked at once', () => {
  it('never is more than the bound, over several sessions too', async () => {
    await server.behave({ delayMs: 20 });
    const judges = judgesAt(server, { concurrency: 3 });
    await Promise.all([judgedBy(sampleInput(), judges), judgedBy(sampleInput(), judges)]);
    const { mostAtOnce, requests } = await server.seen();
    expect(requests).toHaveLength(24);
    expect(mostAtOnce).toBe(3);
  });
});

describe('several runs', () => {
  const runs = async (...scores: readonly (number | null)[]) => {
    await server.behave({
      script: scores.map((score) => (score === null ? { kind: 'abstain' } : { kind: 'score', score })),
    });
    return judgedBy(one, judgesAt(server, { concurrency: 1 }, scores.length));
  };

  it('give their median, with every score and their spread', async () => {
    const judgement = await runs(7, 6, 8);
    expect(judgement.runs).toBe(3);
    expect(onlyCriterion(judgement)).toMatchObject({ score: 70, median: 70, spread: 20, attention: false });
    expect(onlyCriterion(judgement).runs).toEqual([70, 60, 80]);
  });

  it('that differ by more than the bound mark the score for attention and make it less sure', async () => {
    const [near, far] = [await runs(7, 7, 7), await runs(9, 3, 7)];
    expect(onlyCriterion(far)).toMatchObject({ score: 70, spread: 60, attention: true });
    expect(far.attention).toBe(true);
    expect(far.summaryText).toContain('Runs disagree');
    expect(onlyCriterion(far).confidence).toBeLessThan(onlyCriterion(near).confidence);
  });

  it('of which one abstains are marked; when most do there is no score', async () => {
    expect(onlyCriterion(await runs(6, null, 6))).toMatchObject({ score: 60, attention: true });
    expect(onlyCriterion(await runs(null, 6, null))).toMatchObject({
      score: null,
      abstained: 'judge_abstained',
      attention: true,
    });
  });
});

describe('what a prompt shows', () => {
  it('keeps to its room whatever the session holds, and says what it shows', async () => {
    const told = Array.from({ length: 20_000 }, (_, at) => ({ ...GOOD_WORK[at % GOOD_WORK.length]! }));
    const judgement = await judgedBy(
      sampleInput({ rubric: ONE_CRITERION, told, memo: 'A long memo. '.repeat(50_000) }),
      judgesAt(server, { promptChars: 20_000 }),
    );
    const [asked] = (await server.seen()).requests;
    const record = asked!.messages[2]!.content;
    expect(record.length).toBeLessThan(20_500);
    expect(record.length).toBeGreaterThan(15_000);
    expect(record).toMatch(/^\d+ of 20001 events are shown, taken evenly from the whole session/);
    const shown = [...record.matchAll(/^\[e(\d+)\]/gm)].map(([, seq]) => Number(seq));
    expect(shown).toEqual(shown.toSorted((a, b) => a - b));
    expect(shown[0]).toBeLessThan(20);
    expect(shown.filter((seq) => seq > 10_000).length / shown.length).toBeCloseTo(0.5, 1);
    expect(onlyCriterion(judgement).score).not.toBeNull();
  });

  it('is the same for the same session', async () => {
    const records = [];
    for (const _ of [1, 2]) {
      await judgedBy(one, judgesAt(server, { promptChars: 4_000 }));
      const mark = /UNTRUSTED-[\w-]+/g;
      records.push((await server.seen()).requests.at(-1)!.messages.map(({ content }) => content.replace(mark, 'MARK')));
    }
    expect(records[0]).toEqual(records[1]);
  });

  it('holds no name, e-mail, link or caller\u2019s id', async () => {
    const told = [
      {
        ...prompt(
          'I am Ada Q. Lovelace (ada.lovelace84@example.com), see https://example.com/ada and github.com/adal84. Compare the margin of each region.',
        ),
        id: 'id of Ada Lovelace',
      },
      ...GOOD_WORK,
    ];
    const input = sampleInput({
      rubric: ONE_CRITERION,
      told,
      memo: 'By Ada Lovelace: the margin of each region and the revenue.',
      person: { names: ['Ada Q. Lovelace', 'Ada Lovelace'], emails: ['ada.lovelace84@example.com'] },
    });
    const judgement = await judgedBy(input, judgesAt(server));
    const said =
      JSON.stringify((await server.seen()).requests.map(({ messages }) => messages)) +
      JSON.stringify({ ...judgement, categories: onlyCriterion(judgement).evidence.map(({ quote }) => quote) });
    expect(said).not.toMatch(/Ada|Lovelace|example\.com|adal84/i);
    expect(said).toContain('[name]');
  });
});
