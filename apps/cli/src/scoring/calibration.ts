import { type Agreement, agreementOf, type Pair } from '#platform';
import { type ApiClient, isApiError } from '../client.js';
import type { GoldScore } from './gold.js';

interface CategoryAgreement extends Agreement {
  readonly categoryId: string;
  readonly maxPoints: number;
}

/** How far the judge and humans agree, category by category. */
export interface Calibration {
  /** What was compared, in one line. */
  readonly about: string;
  readonly categories: readonly CategoryAgreement[];
  /** What could not be compared, and why. */
  readonly left: readonly string[];
}

interface JudgedScore {
  readonly judge: string;
  readonly autoScores: {
    readonly categories: Readonly<Record<string, { readonly score: number | null; readonly maxPoints: number }>>;
  };
}

/** With the reviews that humans wrote on the server: of one assessment, or of each that has any. */
export async function againstReviews(client: ApiClient, assessmentId?: string): Promise<readonly Calibration[]> {
  const found: Calibration[] = [];
  for (const { id, name } of await assessmentsOf(client, assessmentId)) {
    const { reviewedSessions, categories } = await client.get<{
      reviewedSessions: number;
      categories: readonly CategoryAgreement[];
    }>(`/api/scoring/agreement?assessmentId=${encodeURIComponent(id)}`);
    if (reviewedSessions > 0 || assessmentId !== undefined)
      found.push({ about: `${name}: ${reviewedSessions} reviewed sessions`, categories, left: [] });
  }
  return found.length > 0 ? found : [{ about: 'No session of any assessment is reviewed.', categories: [], left: [] }];
}

/** With scores that humans gave elsewhere: the judge's own, before any review, stand beside them. */
export async function againstGold(client: ApiClient, file: string, gold: readonly GoldScore[]): Promise<Calibration> {
  const scores = new Map<string, JudgedScore | string>();
  const scales = new Map<string, { categoryId: string; maxPoints: number; pairs: Pair[] }>();
  const left: string[] = [];
  for (const one of gold) {
    const { sessionId, categoryId, score: human } = one;
    const judged = scores.get(sessionId) ?? (await judgedScore(client, sessionId));
    scores.set(sessionId, judged);
    const given = comparable(judged, one);
    if (typeof given === 'string') {
      left.push(`${sessionId} ${categoryId}: ${given}`);
      continue;
    }
    const { judge, maxPoints } = given;
    const key = `${categoryId} ${maxPoints}`;
    const scale = scales.get(key) ?? { categoryId, maxPoints, pairs: [] };
    scale.pairs.push({ judge, human });
    scales.set(key, scale);
  }
  const categories = [...scales.values()].map(({ pairs, ...scale }) => ({ ...scale, ...agreementOf(pairs) }));
  const judges = new Set([...scores.values()].flatMap((score) => (typeof score === 'string' ? [] : [score.judge])));
  const about = `${file}: ${gold.length} human scores of ${scores.size} sessions, judge ${[...judges].join(', ') || 'none'}`;
  return { about, categories, left };
}

/** The judge's points of that category, or why there is nothing to compare. */
function comparable(
  judged: JudgedScore | string,
  { categoryId, score: human }: GoldScore,
): { judge: number; maxPoints: number } | string {
  if (typeof judged === 'string') return judged;
  const category = judged.autoScores.categories[categoryId];
  if (!category) return 'its rubric has no such category.';
  const { score, maxPoints } = category;
  if (score === null) return 'the judge gave no score.';
  if (human > maxPoints) return `${human} is more than its ${maxPoints} points.`;
  return { judge: score, maxPoints };
}

async function judgedScore(client: ApiClient, sessionId: string): Promise<JudgedScore | string> {
  try {
    const path = `/api/sessions/${encodeURIComponent(sessionId)}/score`;
    return (await client.get<{ score: JudgedScore }>(path)).score;
  } catch (error) {
    if (isApiError(error, 404)) return error.message;
    throw error;
  }
}

async function assessmentsOf(client: ApiClient, id?: string): Promise<readonly { id: string; name: string }[]> {
  if (id !== undefined) {
    const path = `/api/assessments/${encodeURIComponent(id)}`;
    return [(await client.get<{ assessment: { id: string; name: string } }>(path)).assessment];
  }
  const all: { id: string; name: string }[] = [];
  for (;;) {
    const path = `/api/assessments?limit=100&offset=${all.length}`;
    const { assessments, total } = await client.get<{ assessments: { id: string; name: string }[]; total: number }>(
      path,
    );
    all.push(...assessments);
    if (assessments.length === 0 || all.length >= total) return all;
  }
}
