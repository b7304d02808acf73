import { type AtDesk, type SessionDesk, said } from '../../sessions/testing/session-desk.js';
import type { TestAnswer } from '../../testing/test-api.js';

/** Two categories, one in parts: small enough to add up by hand. */
export const RUBRIC = {
  name: 'By hand',
  categories: [
    {
      id: 'work',
      name: 'Work',
      points: 60,
      subCriteria: [
        { id: 'correct', name: 'Correct', points: 40 },
        { id: 'clear', name: 'Clear', points: 20 },
      ],
    },
    { id: 'care', name: 'Care', points: 40, scoringMethod: 'event_analysis' },
  ],
};

/** Nobody scores it but the spec. */
export const MANUAL = { autoScore: false, scoringRubric: RUBRIC, role: 'Analyst' };

export const QUOTE = { eventId: 'm-1', quote: 'Check the totals' };

/** A score as a service elsewhere posts it; null: abstained. */
export const brought = (correct: number | null, clear: number | null, care: number | null) => {
  const criterion = (id: string, score: number | null) => ({ id, score, evidence: score === null ? [] : [QUOTE] });
  return {
    model: 'elsewhere-1',
    summaryText: 'Careful work.',
    feedbackText: 'You checked your totals.',
    categories: [
      { categoryId: 'work', subCriteria: [criterion('correct', correct), criterion('clear', clear)] },
      { categoryId: 'care', subCriteria: [criterion('care', care)] },
    ],
    followUpQuestions: [
      { categoryId: 'work', question: 'Why this order?', rationale: 'It was not said.', lookFor: 'A reason.' },
    ],
  };
};

export const submitted = async (desk: SessionDesk, fields: object = MANUAL): Promise<AtDesk> => {
  const candidate = await desk.atWork(fields);
  await desk.post(candidate, '/events', { events: [said('m-1', 'Check the totals against the source, please.')] });
  await desk.post(candidate, '/submit', { deliverableState: { text: `By ${candidate.name}: revenue rose by 4 %.` } });
  return candidate;
};

export const post = (desk: SessionDesk, { path }: AtDesk, score: object): Promise<TestAnswer> =>
  desk.api.ask('POST', `${path}/scores`, score, desk.keys.scorer);

/** Scored from elsewhere, with these points. */
export const scoredAt = async (desk: SessionDesk, ...scores: Parameters<typeof brought>): Promise<AtDesk> => {
  const candidate = await submitted(desk);
  const { status, body } = await post(desk, candidate, brought(...scores));
  if (status !== 201) throw new Error(`Posting a score was answered ${status}: ${JSON.stringify(body)}`);
  return candidate;
};

export const reviewed = (
  desk: SessionDesk,
  path: string,
  body: object,
  key: string = desk.keys.reviewer,
): Promise<TestAnswer> => desk.api.ask('POST', `${path}/review`, body, key);

/** The event that `brought` quotes, for sessions that a spec fills itself. */
export const QUOTED = { id: 'm-1', type: 'user_message', timestampMs: 1, data: { content: 'Check the totals' } };
