import { type Fact, parseStream } from '#event-sourcing';
import { derivedId } from '#platform';
import { type DocumentRef, type Documents, defineCollection, type Projection } from '#read-store';
import type { ScoreAdjustment, ScoreResult } from '#sessions';
import { categoriesOf, finalScoreOf } from '../score/score-sheet.js';

/** A category of the current score: numbers alone. */
export interface RankedCategory {
  readonly id: string;
  /** The judge's. */
  readonly score: number | null;
  readonly scoredPoints: number;
  readonly maxPoints: number;
  /** The human's, where one was given. */
  readonly adjusted: number | null;
}

/** A session's current score among others; without one, what it will be ranked by. */
export interface ScoreRank {
  readonly orgId: string;
  readonly assessmentId: string;
  /** The groups it is ranked in: null while there is no score. */
  readonly assessment: string | null;
  readonly category: string | null;
  readonly organization: string | null;
  readonly finalScore: number | null;
  /** The assessment again, once a human has reviewed the score. */
  readonly reviewedIn: string | null;
  readonly carried: { readonly category: string | null; readonly categories: readonly RankedCategory[] };
}

export const scoreRanks = defineCollection<ScoreRank>({
  name: 'score_ranks',
  fields: {
    orgId: 'text',
    assessment: 'text',
    category: 'text',
    organization: 'text',
    finalScore: 'number',
    reviewedIn: 'text',
  },
  indexes: [['assessment', 'finalScore'], ['category', 'finalScore'], ['organization', 'finalScore'], ['reviewedIn']],
});

/** How many are ranked together. */
export interface RankGroup {
  readonly count: number;
  /** Grows with every change: tells whether ranks counted in the meantime belong to this count. */
  readonly changes: number;
}

export const rankGroups = defineCollection<RankGroup>({ name: 'score_groups', fields: {}, indexes: [] });

/** What of an assessment its sessions take over when they are invited. */
interface RankedAssessment {
  readonly category: string | null;
}

const rankedAssessments = defineCollection<RankedAssessment>({ name: 'score_assessments', fields: {}, indexes: [] });

export const assessmentGroup = (orgId: string, assessmentId: string): string => `${orgId}.${assessmentId}`;

/** Assessments for one role are of one category; those without a role are of none. */
export const categoryGroup = (orgId: string, role: string | null | undefined): string | null => {
  const name = (role ?? '').normalize('NFC').trim().replace(/\s+/g, ' ').toLowerCase();
  return name === '' ? null : derivedId('score_category', orgId, name);
};

const sessionIdOf = (fact: Fact): string =>
  fact.type === 'session_erased' ? (fact.data as { sessionId: string }).sessionId : parseStream(fact.stream).id;

const ofAssessment = (fact: Fact): boolean => fact.type === 'assessment_created' || fact.type === 'assessment_revised';

type Ranked = Pick<ScoreRank, 'assessment' | 'category' | 'organization'>;
const UNRANKED: Ranked & Pick<ScoreRank, 'finalScore' | 'reviewedIn'> = {
  assessment: null,
  category: null,
  organization: null,
  finalScore: null,
  reviewedIn: null,
};

const groupsOf = ({ assessment, category, organization }: Ranked): readonly string[] =>
  [assessment, category, organization].filter((group) => group !== null);

const ranked = (entry: ScoreRank, categories: readonly RankedCategory[], isReviewed: boolean): ScoreRank => {
  const { orgId, assessmentId } = entry;
  const carried = { ...entry.carried, categories };
  const finalScore = finalScoreOf(categories.map(final));
  if (finalScore === null) return { ...entry, ...UNRANKED, carried };
  const assessment = assessmentGroup(orgId, assessmentId);
  const reviewedIn = isReviewed ? assessment : null;
  return { ...entry, assessment, category: carried.category, organization: orgId, finalScore, reviewedIn, carried };
};

/** As `afterReview` has it. */
const final = ({ score, scoredPoints, maxPoints, adjusted }: RankedCategory) =>
  adjusted === null ? { score, scoredPoints } : { score: adjusted, scoredPoints: maxPoints };

const after = (entry: ScoreRank, fact: Fact): ScoreRank => {
  switch (fact.type) {
    case 'score_recorded': {
      const categories = categoriesOf((fact.data as { result?: ScoreResult }).result ?? {});
      const numbers = categories.map(({ id, score, scoredPoints, maxPoints }) => ({
        id,
        score,
        scoredPoints,
        maxPoints,
        adjusted: null,
      }));
      return ranked(entry, numbers, false);
    }
    case 'review_recorded': {
      const { adjustments = [] } = fact.data as { adjustments?: readonly ScoreAdjustment[] };
      const numbers = entry.carried.categories.map((category) => ({
        ...category,
        adjusted: adjustments.find(({ categoryId }) => categoryId === category.id)?.score ?? category.adjusted,
      }));
      return ranked(entry, numbers, true);
    }
    default:
      return { ...entry, ...UNRANKED, carried: { ...entry.carried, categories: [] } };
  }
};

const count = (entry: ScoreRank, sign: 1 | -1, documents: Documents): void => {
  for (const group of groupsOf(entry)) {
    const before = documents.get(rankGroups, group) ?? { count: 0, changes: 0 };
    documents.put(rankGroups, group, { count: before.count + sign, changes: before.changes + 1 });
  }
};

/** Current scores, for percentiles and for how far judge and humans agree: one change of one session at a time. */
export const scoreRanksProjection: Projection<Fact> = {
  name: 'score_ranks',
  version: 1,
  types: [
    'assessment_created',
    'assessment_revised',
    'session_invited',
    'score_recorded',
    'review_recorded',
    'session_reopened',
    'session_deleted',
    'session_erased',
  ],
  collections: [rankedAssessments, rankGroups, scoreRanks],
  onPoison: 'stop',
  touches(fact): readonly DocumentRef[] {
    if (ofAssessment(fact)) return [{ collection: rankedAssessments, id: parseStream(fact.stream).id }];
    const own = { collection: scoreRanks, id: sessionIdOf(fact) };
    if (fact.type !== 'session_invited') return [own];
    return [own, { collection: rankedAssessments, id: (fact.data as { assessmentId: string }).assessmentId }];
  },
  alsoTouches(fact, documents): readonly DocumentRef[] {
    if (ofAssessment(fact) || fact.type === 'session_invited') return [];
    const entry = documents.get(scoreRanks, sessionIdOf(fact));
    if (!entry) return [];
    const { orgId, assessmentId, carried } = entry;
    const groups = groupsOf({
      assessment: assessmentGroup(orgId, assessmentId),
      category: carried.category,
      organization: orgId,
    });
    return groups.map((id) => ({ collection: rankGroups, id }));
  },
  apply(fact, documents) {
    const { orgId, id } = parseStream(fact.stream);
    if (ofAssessment(fact)) {
      const { role } = fact.data as { role?: string | null };
      if (role === undefined && fact.type === 'assessment_revised') return;
      return documents.put(rankedAssessments, id, { category: categoryGroup(orgId, role) });
    }
    if (fact.type === 'session_invited') {
      const { assessmentId } = fact.data as { assessmentId: string };
      const category = documents.get(rankedAssessments, assessmentId)?.category ?? null;
      return documents.put(scoreRanks, id, { orgId, assessmentId, ...UNRANKED, carried: { category, categories: [] } });
    }
    const before = documents.get(scoreRanks, sessionIdOf(fact));
    if (!before) return;
    count(before, -1, documents);
    if (fact.type === 'session_deleted' || fact.type === 'session_erased')
      return documents.remove(scoreRanks, sessionIdOf(fact));
    const now = after(before, fact);
    count(now, 1, documents);
    documents.put(scoreRanks, id, now);
  },
};
