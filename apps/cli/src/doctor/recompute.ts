import type { ApiClient } from '../client.js';
import { naivePercentiles, naiveStats } from './naive-cohort.js';
import { type NaiveMetrics, naiveMetrics } from './naive-metrics.js';
import type { RecordedEvent } from './recorded-event.js';

export interface Difference {
  readonly assessmentId: string;
  /** Null: the figures of the whole cohort. */
  readonly sessionId: string | null;
  readonly served: string;
  readonly recomputed: string;
}

export interface Examined {
  readonly assessments: number;
  readonly sessions: number;
  readonly differences: readonly Difference[];
}

const PAGE = 100;
/** Candidates go on submitting while the record is read: a difference counts when it stays. */
const ATTEMPTS = 3;

/** Every cohort's statistics, once from the whole record of its sessions and once as they are served. */
export async function recompute(api: ApiClient): Promise<Examined> {
  const differences: Difference[] = [];
  let sessions = 0;
  const assessments = await everyOne(api, '/api/assessments', 'assessments');
  for (const { id } of assessments) {
    for (let attempt = 1; ; attempt += 1) {
      const found = await examine(api, id);
      if (found.differences.length > 0 && attempt < ATTEMPTS) continue;
      differences.push(...found.differences);
      sessions += found.sessions;
      break;
    }
  }
  return { assessments: assessments.length, sessions, differences };
}

async function examine(api: ApiClient, assessmentId: string): Promise<Omit<Examined, 'assessments'>> {
  const cohort = new Map<string, NaiveMetrics>();
  const assessment = encodeURIComponent(assessmentId);
  for (const { id } of await everyOne(api, `/api/sessions?assessmentId=${assessment}`, 'sessions')) {
    const metrics = naiveMetrics(await api.lines<RecordedEvent>(`/api/sessions/${encodeURIComponent(id)}/export`));
    if (metrics) cohort.set(id, metrics);
  }
  const all = [...cohort.values()];
  const path = `/v1/assessments/${assessment}/cohort-stats`;
  const differences: Difference[] = [];
  const compare = async (sessionId: string | null, expected: object | null): Promise<void> => {
    const query = sessionId === null ? '' : `?sessionId=${encodeURIComponent(sessionId)}`;
    const { cohortStats } = await api.get<{ cohortStats: object | null }>(path + query);
    const [served, recomputed] = [JSON.stringify(cohortStats), JSON.stringify(expected)];
    if (served !== recomputed) differences.push({ assessmentId, sessionId, served, recomputed });
  };
  const stats = naiveStats(all);
  await compare(null, stats);
  for (const [id, metrics] of cohort) await compare(id, { ...stats, percentiles: naivePercentiles(metrics, all) });
  return { sessions: cohort.size, differences };
}

/** A whole list, page by page. */
async function everyOne(api: ApiClient, path: string, name: string): Promise<readonly { readonly id: string }[]> {
  const found: { readonly id: string }[] = [];
  const page = `${path}${path.includes('?') ? '&' : '?'}limit=${PAGE}`;
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor && `&after=${encodeURIComponent(cursor)}`;
    const answer: Record<string, unknown> = await api.get(page + after);
    found.push(...(answer[name] as { id: string }[]));
    cursor = answer['nextCursor'] as string | null;
  }
  return found;
}
