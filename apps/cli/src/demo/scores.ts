import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from '../client.js';
import { SeededRandom } from './random.js';

const STATUSES = ['invited', 'setup', 'in_progress', 'submitted', 'scoring', 'scored', 'reviewed'] as const;
/** Without one more score for so long, nobody seems to be scoring. */
const PATIENCE_MS = 15_000;
const REVIEWED = 8;
const REASONS = [
  'The second slide carries the argument; the judge had no way to see that.',
  'Asked the right question early, then did not follow it up.',
  'The check was named but never carried out.',
  'Stronger than the numbers say: the hand-over note is exact.',
];
const DECISIONS = ['advance', 'hold', 'rejected', 'hired'] as const;

type Statuses = Partial<Record<(typeof STATUSES)[number], number>>;

interface Listed {
  readonly id: string;
  readonly assessmentId: string;
  readonly status: (typeof STATUSES)[number];
}

/** Waits until what assessments score by themselves is scored, and answers how many are not. */
export async function scored(client: ApiClient): Promise<number> {
  let open = await unscored(client);
  for (let since = Date.now(), before = open; open > 0; before = open) {
    await delay(200);
    open = await unscored(client);
    if (open < before) since = Date.now();
    if (Date.now() - since > PATIENCE_MS) break;
  }
  return open;
}

async function unscored(client: ApiClient): Promise<number> {
  const { assessments } = await client.get<{ assessments: readonly { id: string; autoScore: boolean }[] }>(
    '/api/assessments?limit=100',
  );
  const waiting = new Set(assessments.flatMap(({ id, autoScore }) => (autoScore ? [id] : [])));
  const open = [...(await sessionsThat(client, 'submitted')), ...(await sessionsThat(client, 'scoring'))];
  return open.filter(({ assessmentId }) => waiting.has(assessmentId)).length;
}

/** What a reviewer would do with the first few scores; a session is reviewed once. Answers how many are reviewed now. */
export async function reviewSome(client: ApiClient, assessmentId: string, seed: number): Promise<number> {
  const of = `&assessmentId=${encodeURIComponent(assessmentId)}`;
  const reviewed = (await sessionsThat(client, 'reviewed', of)).length;
  const next = (await sessionsThat(client, 'scored', of))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
    .slice(0, Math.max(0, REVIEWED - reviewed));
  for (const [index, { id }] of next.entries()) await review(client, id, new SeededRandom(seed * 4001 + index));
  return reviewed + next.length;
}

async function review(client: ApiClient, sessionId: string, random: SeededRandom): Promise<void> {
  const { score } = await client.get<{
    score: { autoScores: { categories: Record<string, { score: number | null; maxPoints: number }> } };
  }>(`/api/sessions/${sessionId}/score`);
  const adjustments = Object.entries(score.autoScores.categories).flatMap(
    ([categoryId, { score: given, maxPoints }]) => {
      if (given === null || random.chance(0.4)) return [];
      const wanted = Math.round(given) + random.between(-Math.ceil(maxPoints / 8), Math.ceil(maxPoints / 8));
      return [{ categoryId, score: Math.min(maxPoints, Math.max(0, wanted)), reason: random.pick(REASONS) }];
    },
  );
  const body = { adjustments, note: 'Reviewed for the demo.', decision: random.pick(DECISIONS) };
  await client.post(`/api/sessions/${sessionId}/review`, body);
}

export async function statusesOf(client: ApiClient): Promise<Statuses> {
  const statuses: Statuses = {};
  for (const status of STATUSES) {
    const { total } = await client.get<{ total: number }>(`/api/sessions?limit=1&status=${status}`);
    if (total > 0) statuses[status] = total;
  }
  return statuses;
}

async function sessionsThat(client: ApiClient, status: string, more = ''): Promise<readonly Listed[]> {
  const { sessions } = await client.get<{ sessions: readonly Listed[] }>(
    `/api/sessions?limit=100&status=${status}${more}`,
  );
  return sessions;
}
