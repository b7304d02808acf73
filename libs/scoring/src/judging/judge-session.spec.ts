import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quoteStandsIn } from './case/evidence.js';
import type { JudgedRubric } from './judgement.js';
import { thousandths } from './points.js';
import {
  answer,
  GOOD_WORK,
  judged,
  prompt,
  RUBRIC,
  sampleInput,
  scoresOf,
  THIN_WORK,
  type Told,
} from './testing/sample-work.js';

describe('a session judged offline', () => {
  it('has every category of the rubric, says that the judge was offline, and cites events that exist with quotes that stand in them', async () => {
    const input = sampleInput();
    const judgement = await judged(input);
    expect(judgement).toMatchObject({
      judge: 'offline',
      model: null,
      promptHash: null,
      runs: 1,
      rubricId: 'default',
      rubricVersion: 1,
    });
    expect(judgement.categories.map(({ id, maxPoints }) => [id, maxPoints])).toEqual([
      ['deliverable_quality', 40],
      ['delegation', 10],
      ['description', 20],
      ['discernment', 20],
      ['diligence', 10],
    ]);
    const byId = new Map(input.events.map((event) => [event.id, event]));
    const criteria = judgement.categories.flatMap(({ subCriteria }) => subCriteria);
    for (const { score, evidence, judge } of criteria) {
      expect(judge).toBe('offline');
      expect(score === null || evidence.length > 0).toBe(true);
      for (const { eventId, quote } of evidence) {
        const event = byId.get(eventId)!;
        const deliverables = event.type === 'task_submitted' ? input.deliverables.map(({ text }) => text) : [];
        expect(quoteStandsIn(event, quote, deliverables)).toBe(true);
      }
    }
  });

  it('gives good work clearly more than thin work, on what both were scored on', async () => {
    const [good, thin] = await Promise.all([
      judged(sampleInput()),
      judged(sampleInput({ told: THIN_WORK, memo: 'Regions are important.' })),
    ]);
    expect(good.totals.scored.percent).toBeGreaterThan(75);
    expect(thin.totals.scored.percent).toBeLessThan(55);
    expect(good.rawTotal).toBeGreaterThan(2 * thin.rawTotal);
  });

  it('scores nothing of an empty session, and says that this says nothing', async () => {
    const judgement = await judged(sampleInput({ told: [], memo: null }));
    expect(Object.values(scoresOf(judgement)).every((score) => score === null)).toBe(true);
    expect(judgement.categories.every(({ score }) => score === null)).toBe(true);
    expect(judgement.totals).toEqual({
      scored: { score: 0, maxPoints: 0, percent: null },
      all: { score: 0, maxPoints: 100, percent: 0 },
    });
    expect(judgement.confidence).toBeNull();
    expect(judgement.summaryText).toContain('Nothing on record could be scored');
    expect(judgement.followUpQuestions.length).toBeGreaterThan(0);
  });

  it('never takes what is not on record for a low mark: less record is fewer points to be had, none of them lost', async () => {
    const whole = await judged(sampleInput());
    const withoutSources = await judged(
      sampleInput({ told: GOOD_WORK.filter(({ type }) => type !== 'connector_browsed') }),
    );
    expect(scoresOf(withoutSources)['diligence.source_use']).toBeNull();
    expect(withoutSources.totals.scored.maxPoints).toBeLessThan(whole.totals.scored.maxPoints);
    expect(withoutSources.totals.all.maxPoints).toBe(100);
  });

  it('counts neither late events, nor those after the submission, nor flags, nor facts of the session', async () => {
    const plain = sampleInput();
    const extra = prompt('Compare the revenue of the three regions once more and correct the margin of Iberia, 19 %.');
    const last = plain.events.length;
    const more = sampleInput({
      told: [
        ...GOOD_WORK,
        { ...extra, late: true },
        { type: 'checkpoint_saved', phase: null, data: {} },
        { type: 'security_flag', data: { code: 'tab_blur' } },
      ],
    });
    const after = { ...plain, events: [...plain.events, { ...plain.events[4]!, id: 'after', seq: last }] };
    const scores = scoresOf(await judged(plain));
    expect(scoresOf(await judged(more))).toEqual(scores);
    expect(scoresOf(await judged(after))).toEqual(scores);
  });

  it('marks what the AI did as a claim when the candidate\u2019s own client told it, and is less sure of it', async () => {
    const told = [prompt('Draft the memo for Northwind'), answer('Alps: margin 35 %, revenue 3,900 k.')];
    const claims = told.map((item) => ({ ...item, via: 'candidate' }));
    const rubric: JudgedRubric = {
      ...RUBRIC,
      categories: [
        {
          id: 'c',
          name: 'C',
          points: 100,
          scoringMethod: 'event_analysis',
          subCriteria: [{ id: 'tool_choice', name: 'T', points: 100, description: null, enabled: true }],
        },
      ],
    };
    const used: Told = { type: 'ai_tool_use', data: { tool: 'search', category: 'search' } };
    const vouched = await judged(sampleInput({ told: [...told, { ...used, via: 'runtime' }], rubric }));
    const claimed = await judged(sampleInput({ told: [...claims, { ...used, via: 'candidate' }], rubric }));
    const [a, b] = [vouched, claimed].map(({ categories }) => categories[0]!.subCriteria[0]!);
    expect(a!.evidence[0]).not.toHaveProperty('claim');
    expect(b!.evidence[0]).toHaveProperty('claim', true);
    expect(b!.score).toBe(a!.score);
    expect(b!.confidence).toBeLessThan(a!.confidence);
  });

  it('states the weights of a hybrid score, and when a part had nothing to say', async () => {
    const both = (await judged(sampleInput())).categories.find(({ id }) => id === 'discernment')!;
    expect(
      both.subCriteria.find(({ id }) => id === 'verification')!.parts.map(({ by, weight }) => [by, weight]),
    ).toEqual([
      ['event_analysis', 0.5],
      ['judge', 0.5],
    ]);
    const one = (
      await judged(sampleInput({ told: [opensOnce, prompt('Draft the memo')], memo: null }))
    ).categories.find(({ id }) => id === 'delegation')!;
    const [events, judge] = one.subCriteria.find(({ id }) => id === 'task_division')!.parts;
    expect(events).toMatchObject({ by: 'event_analysis', weight: 0, fraction: null });
    expect(judge).toMatchObject({ by: 'judge', weight: 1 });
  });

  it('scores work in other languages by the same form as work in English', async () => {
    const inGerman = await judged(sampleInput({ ...GERMAN }));
    const inJapanese = await judged(sampleInput({ ...JAPANESE }));
    for (const judgement of [inGerman, inJapanese]) {
      expect(judgement.totals.scored.percent).toBeGreaterThan(60);
      expect(scoresOf(judgement)['deliverable_quality.task_fulfilment']).toBeGreaterThan(7);
      expect(scoresOf(judgement)['description.goal_and_context']).toBeGreaterThan(4);
    }
  });

  it('judges a session of 20,000 events and keeps to a few pieces of evidence', async () => {
    const told = Array.from({ length: 20_000 }, (_, at) => GOOD_WORK[at % GOOD_WORK.length]!);
    const judgement = await judged(sampleInput({ told }));
    expect(judgement.totals.scored.percent).toBeGreaterThan(75);
    for (const { evidence } of judgement.categories.flatMap(({ subCriteria }) => subCriteria))
      expect(evidence.length).toBeLessThanOrEqual(6);
  });

  it('stops when it is aborted', async () => {
    const { judgeSession } = await import('./judge-session.js');
    const { OFFLINE } = await import('./testing/sample-work.js');
    const reason = new Error('the lease is gone');
    await expect(judgeSession(sampleInput(), OFFLINE, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

const opensOnce: Told = { type: 'inbox_item_opened', data: { itemId: 'i1', itemType: 'email' } };

const GERMAN = {
  task: 'Empfehlen Sie, welche der drei Regionen Nordwind zuerst erschließen soll. Nutzen Sie den Marktbericht und geben Sie ein kurzes Memo mit Umsatz, Marge und Risiko je Region ab.',
  memo: 'Empfehlung: Nordwind soll zuerst die Alpen erschließen.\n\nAlpen: Umsatz 3.900 k, Marge 35 %, laut Marktbericht die beste der drei Regionen. Risiko: Währung.\nNorden: Umsatz 4.200 k, Marge 31 %. Risiko: starke Wettbewerber.\nIberien: Umsatz 6.100 k, aber nur 19 % Marge. Risiko: Logistik.\n\nWas das ändern würde: eine Marge in den Alpen unter 28 %.',
  told: [
    prompt(
      'Fasse den Marktbericht für die drei Regionen zusammen, die Nordwind erschließen könnte:\n- Umsatz 2025\n- Marge\n- das größte Risiko',
    ),
    answer(
      'Norden: Umsatz 4.200 k, Marge 31 %. Iberien: Umsatz 6.100 k, Marge 22 %. Alpen: Umsatz 3.900 k, Marge 35 %.',
    ),
    prompt('Laut Bericht ist die Marge in Iberien 19 %, nicht 22 %. Woher kommt die Zahl? Bitte korrigieren.'),
    answer('Sie haben recht: Seite 14 nennt 19 %.'),
  ],
};

const JAPANESE = {
  task: 'ノースウィンド社が最初に参入すべき地域を三つの中から推奨してください。市場報告書を使い、各地域の売上、利益率、リスクを短いメモにまとめて提出してください。',
  memo: '推奨：ノースウィンド社は最初にアルプス地域に参入すべきです。\n\nアルプス：売上3900、利益率35%、市場報告書によれば三つの地域の中で最も高い。リスクは為替です。\n北欧：売上4200、利益率31%。リスクは強い競合です。\nイベリア：売上6100、利益率は19%のみ。リスクは物流費用です。',
  told: [
    prompt(
      '市場報告書から、ノースウィンド社が参入できる三つの地域の売上、利益率、リスクを12行以内の表にまとめてください。',
    ),
    answer('北欧：売上4200、利益率31%。イベリア：売上6100、利益率22%。アルプス：売上3900、利益率35%。'),
    prompt('報告書ではイベリアの利益率は19%です。22%はどこから来ましたか。修正してください。'),
    answer('おっしゃる通り、14ページには19%とあります。'),
  ],
};

describe('the points of a judgement', () => {
  const points = fc.integer({ min: 1, max: 400 }).map((eighths) => eighths / 8);
  const method = fc.constantFrom('llm_judge' as const, 'event_analysis' as const, 'hybrid' as const);
  const criterion = fc.record({
    id: fc.constantFrom('task_fulfilment', 'accuracy', 'verification', 'source_use', 'own_words', 'iteration'),
    name: fc.constantFrom('Uses the margin', 'Verifies'),
    points,
    description: fc.constantFrom(null, 'Names revenue and risk of each region.'),
    enabled: fc.boolean(),
  });
  const rubric = fc
    .array(
      fc.record({
        id: fc.uuid(),
        name: fc.constant('A category'),
        points,
        scoringMethod: method,
        subCriteria: fc.array(criterion, { maxLength: 5 }),
      }),
      { minLength: 1, maxLength: 5 },
    )
    .map(
      (categories): JudgedRubric => ({
        id: 'r',
        version: 3,
        name: 'R',
        totalPoints: categories.reduce((sum, category) => sum + category.points, 0),
        categories,
      }),
    );

  it('always sum: criteria to their category, categories to the total, and none is above its most', async () => {
    await fc.assert(
      fc.asyncProperty(rubric, fc.subarray([...GOOD_WORK]), async (wanted, told) => {
        const { categories, rawTotal, totals } = await judged(sampleInput({ rubric: wanted, told }));
        let sum = 0;
        let scored = 0;
        for (const category of categories) {
          const parts = category.subCriteria;
          expect(parts.reduce((all, { maxPoints }) => all + thousandths(maxPoints), 0)).toBe(
            thousandths(category.maxPoints),
          );
          expect(parts.reduce((all, { score }) => all + thousandths(score ?? 0), 0)).toBe(
            thousandths(category.score ?? 0),
          );
          expect(
            parts.reduce((all, { score, maxPoints }) => all + (score === null ? 0 : thousandths(maxPoints)), 0),
          ).toBe(thousandths(category.scoredPoints));
          for (const { score, maxPoints, abstained } of parts) {
            expect(score === null || (score >= 0 && score <= maxPoints)).toBe(true);
            expect(score === null).toBe(abstained !== null);
          }
          sum += thousandths(category.score ?? 0);
          scored += thousandths(category.scoredPoints);
        }
        expect(thousandths(rawTotal)).toBe(sum);
        expect(thousandths(totals.scored.score)).toBe(sum);
        expect(thousandths(totals.scored.maxPoints)).toBe(scored);
        expect(totals.all.maxPoints).toBe(wanted.totalPoints);
      }),
      { numRuns: 60 },
    );
  });
});
