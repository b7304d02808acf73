import type { Answer, Caller } from './caller.js';
import { type AtWork, atWork, message, newAssessment } from './candidate.js';
import type { Server } from './server.js';
import { until } from './until.js';

/** One category, whole points: small enough to add up by hand. */
export const RUBRIC = { categories: [{ id: 'work', name: 'Work', points: 100 }] };

export const SAID = 'Check the totals against the source, please.';

/** A score as a scorer elsewhere posts it. */
export const outOf100 = (score: number, words: object = {}) => ({
  categories: [
    { categoryId: 'work', subCriteria: [{ id: 'work', score, evidence: [{ eventId: 'm-1', quote: SAID }] }] },
  ],
  ...words,
});

/** At an assessment that nobody scores by itself, unless the fields say so. */
export const submitted = async (
  server: Server,
  fields: Record<string, unknown> = {},
  assessmentId?: string,
): Promise<AtWork & { readonly assessmentId: string }> => {
  const id =
    assessmentId ?? (await newAssessment(server.owner, { autoScore: false, scoringRubric: RUBRIC, ...fields }));
  const candidate = await atWork(server, id, `person-${Math.random().toString(36).slice(2)}@example.com`);
  await candidate.workspace.post(`/api/sessions/${candidate.sessionId}/events`, { events: [message('m-1', SAID)] });
  const answer = await candidate.workspace.post(`/api/sessions/${candidate.sessionId}/submit`, {});
  if (answer.status !== 200) throw new Error(`submit: ${answer.status} ${JSON.stringify(answer.body)}`);
  return { ...candidate, assessmentId: id };
};

/** By whichever scorer comes first: while another one holds the session, its score will do. */
export const scoredBy = async (
  scorer: Caller,
  reader: Caller,
  sessionId: string,
  score: object,
  // biome-ignore lint/suspicious/noExplicitAny: a score as it is shown
): Promise<any> => {
  const answer: Answer<{ score?: object }> = await scorer.post(`/api/sessions/${sessionId}/scores`, score);
  if (answer.status !== 201 && answer.status !== 409)
    throw new Error(`scores: ${answer.status} ${JSON.stringify(answer.body)}`);
  const read = () => reader.get(`/api/sessions/${sessionId}/score`);
  return (await until(read, ({ status }) => status === 200)).body.score;
};
