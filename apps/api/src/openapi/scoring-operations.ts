import { all, object, one, page, ref, session } from './answers.js';
import type { Operation } from './operations.js';

const oneScore = one('score', 'Score');
const oneSession = one('session', 'Session');

/** The routes of scoring and review. */
export const scoringOperations: Readonly<Record<string, Operation>> = {
  'POST /api/scoring': {
    summary: 'Score a session, or score it again',
    description:
      'Joins the run that is asked for or under way. Waits up to 30 s (`waitSeconds`) for the score; 202 while it is still being made.',
    answers: { 200: oneScore, 202: oneSession },
  },
  'GET /api/scoring/parked': {
    summary: 'List sessions whose scoring was given up, the last first',
    answers: { 200: page('parked', 'ParkedSession') },
  },
  'POST /api/scoring/parked/{sessionId}/replay': {
    summary: 'Have a parked session scored after all',
    answers: { 202: oneSession },
  },
  'GET /api/scoring/agreement': {
    summary: 'How far judge and human reviews agree, by category',
    description:
      'Quadratic-weighted kappa and mean absolute difference in points, with n. Null below `smallestSample` pairs. A category that a review left as it was counts as agreed with.',
    answers: { 200: ref('Agreement') as object },
  },
  'GET /api/candidate/feedback': {
    summary: "Get one's own feedback, once it is released",
    description: '404 until then: after the first review and the delay of the assessment, if it sends feedback at all.',
    answers: { 200: one('feedback', 'Feedback') },
  },
  'GET /api/sessions/{sessionId}/score': { summary: "Get a session's current score", answers: { 200: oneScore } },
  'GET /api/sessions/{sessionId}/scores': {
    summary: "List a session's scores, every run, oldest first",
    answers: { 200: all('scores', 'Score') },
  },
  'POST /api/sessions/{sessionId}/scores': {
    summary: 'Post a score that was made elsewhere',
    description:
      'Held to the rubric of the session and to its record: a score out of range or a quote that does not stand in the event it names is 422. What is left out counts as abstained.',
    answers: { 201: oneScore },
  },
  'GET /api/sessions/{sessionId}/submission': {
    summary: 'Get what is to be scored: task, rubric, snapshot and deliverables',
    description: 'Names, e-mails and links in snapshot and deliverables are blinded for scorers and masked auditors.',
    answers: { 200: one('submission', 'Submission') },
  },
  'POST /api/sessions/{sessionId}/review': {
    summary: 'Review a score: adjust it with reasons, and decide',
    description: "The judge's numbers stay beside the reviewer's. On a reviewed session it adds a further review.",
    answers: { 200: object({ session, score: ref('Score') }) },
  },
};
