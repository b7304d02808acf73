import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '#event-sourcing';
import type { Collection, Documents } from '#read-store';
import { categoryGroup, type RankGroup, type ScoreRank, scoreRanksProjection } from './score-ranks.projection.js';

const ORG = '6d3f0c2e-6a57-4f43-9d0e-0f2f7c1f0a01';

/** Documents by collection and id, holding the projection to what it said it would touch. */
class Kept {
  readonly documents = new Map<string, object>();

  take(type: string, stream: string, data: object): void {
    const fact = { type, stream, data } as Fact;
    const touched = new Set<string>();
    const key = ({ name }: Collection<object>, id: string): string => {
      expect(touched).toContain(`${name}/${id}`);
      return `${name}/${id}`;
    };
    const documents: Documents = {
      get: <D extends object>(collection: Collection<D>, id: string) =>
        this.documents.get(key(collection, id)) as D | undefined,
      put: (collection, id, document) => this.documents.set(key(collection, id), document),
      remove: (collection, id) => this.documents.delete(key(collection, id)),
    };
    for (const { collection, id } of scoreRanksProjection.touches(fact)) touched.add(`${collection.name}/${id}`);
    for (const { collection, id } of scoreRanksProjection.alsoTouches?.(fact, documents) ?? [])
      touched.add(`${collection.name}/${id}`);
    scoreRanksProjection.apply(fact, documents);
  }

  all<D>(name: string): (readonly [string, D])[] {
    const found = [...this.documents].filter(([key]) => key.startsWith(`${name}/`));
    return found.map(([key, document]) => [key.slice(name.length + 1), document as D] as const);
  }
}

const categories = (score: number | null) => [
  { id: 'work', score, maxPoints: 100, scoredPoints: score === null ? 0 : 100 },
];

type Happening = (kept: Kept) => void;
const session = fc.nat(5);
const stream = (at: number): string => `session-${ORG}.s${at}`;

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.tuple(session, fc.option(fc.integer({ min: 0, max: 100 }), { nil: null, freq: 8 })).map<Happening>(
    ([at, score]) =>
      (kept) =>
        kept.take('score_recorded', stream(at), { runId: 'r', result: { categories: categories(score) } }),
  ),
  fc.tuple(session, fc.integer({ min: 0, max: 100 }), fc.constantFrom('work', 'unknown')).map<Happening>(
    ([at, score, categoryId]) =>
      (kept) =>
        kept.take('review_recorded', stream(at), { adjustments: [{ categoryId, score, reason: 'So.' }] }),
  ),
  session.map<Happening>((at) => (kept) => kept.take('session_reopened', stream(at), {})),
  session.map<Happening>((at) => (kept) => kept.take('session_deleted', stream(at), {})),
  session.map<Happening>((at) => (kept) => kept.take('session_erased', `organization-${ORG}`, { sessionId: `s${at}` })),
  fc.constantFrom('Analyst', null).map<Happening>((role) => (kept) => {
    kept.take('assessment_revised', `assessment-${ORG}.a0`, { role });
  }),
);

const begun = (): Kept => {
  const kept = new Kept();
  for (const [at, role] of ['Analyst', ' ANALYST ', null].entries())
    kept.take('assessment_created', `assessment-${ORG}.a${at}`, { role });
  for (let at = 0; at < 6; at += 1) kept.take('session_invited', stream(at), { assessmentId: `a${at % 3}` });
  return kept;
};

describe('the ranks of scores', () => {
  it('count in every group exactly the sessions that stand in it, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
        const kept = begun();
        for (const happen of happenings) happen(kept);
        const standing = new Map<string, number>();
        for (const [, { assessment, category, organization, finalScore, reviewedIn }] of kept.all<ScoreRank>(
          'score_ranks',
        )) {
          expect([assessment, organization].every((group) => (group === null) === (finalScore === null))).toBe(true);
          expect([null, assessment]).toContain(reviewedIn);
          for (const group of [assessment, category, organization])
            if (group !== null) standing.set(group, (standing.get(group) ?? 0) + 1);
        }
        const counted = kept.all<RankGroup>('score_groups').filter(([, { count }]) => count > 0);
        expect(new Map(counted.map(([id, { count }]) => [id, count]))).toEqual(standing);
      }),
      { numRuns: 200 },
    );
  });

  it('take the role that the assessment had when the session was invited, however it is spelled', () => {
    const kept = begun();
    for (const at of [0, 1, 2]) kept.take('score_recorded', stream(at), { result: { categories: categories(50) } });
    const analyst = categoryGroup(ORG, 'analyst');
    const found = kept.all<ScoreRank>('score_ranks').map(([, { category }]) => category);
    expect(found.slice(0, 3)).toEqual([analyst, analyst, null]);
    expect(categoryGroup('another', 'analyst')).not.toBe(analyst);
  });

  it('hold numbers alone', () => {
    const kept = begun();
    const told = categories(50).map((category) => ({ ...category, name: 'Work', rationale: 'Said by the judge.' }));
    kept.take('score_recorded', stream(0), { result: { categories: told, summaryText: 'Of the work.' } });
    kept.take('review_recorded', stream(0), { adjustments: [{ categoryId: 'work', score: 60, reason: 'Mine.' }] });
    const [[, rank]] = kept.all<ScoreRank>('score_ranks') as [readonly [string, ScoreRank]];
    expect(rank).toMatchObject({ finalScore: 60, carried: { categories: [{ id: 'work', score: 50, adjusted: 60 }] } });
    expect(JSON.stringify([...kept.documents.values()])).not.toMatch(/Said by|Of the work|Mine/);
  });
});
