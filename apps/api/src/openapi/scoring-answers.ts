import { id, json, listOf, number, object, orNull, ref, text, time, yesOrNo } from './answers.js';
import type { Schema } from './field-schemas.js';

const points = { type: 'number' };
const percent = { type: 'number', minimum: 0, maximum: 100 };
const agreed = { type: 'number', maximum: 1 };

/** The shapes of scores and what stands around them. */
export const scoringSchemas: Readonly<Record<string, Schema>> = {
  Score: object({
    id,
    sessionId: id,
    current: yesOrNo,
    setAside: yesOrNo,
    autoScores: object({
      categories: { type: 'object', additionalProperties: ref('ScoreCategory') },
      rawTotal: points,
      finalTotal: points,
    }),
    rawTotal: points,
    finalTotal: points,
    finalScore: orNull(percent),
    totals: json,
    summaryText: text,
    feedbackText: text,
    followUpQuestions: listOf(object({ categoryId: id, question: text, rationale: text, lookFor: text })),
    percentileThisAssessment: orNull(percent),
    percentileCategory: orNull(percent),
    percentileGlobal: orNull(percent),
    scoredAt: time,
    judge: { type: 'string', enum: ['offline', 'llm', 'external'] },
    model: orNull(text),
    rubricId: id,
    rubricVersion: orNull(number),
    rubricHash: text,
    promptHash: orNull(text),
    confidence: orNull(points),
    runs: number,
    attention: yesOrNo,
    reviews: listOf(json),
    decision: orNull(text),
  }),
  ScoreCategory: object({
    name: text,
    score: orNull(points),
    finalScore: orNull(points),
    maxPoints: points,
    scoredPoints: points,
    scoringMethod: text,
    judge: text,
    confidence: orNull(points),
    attention: yesOrNo,
    adjustment: { type: ['object', 'null'] },
    subCriteria: listOf(json),
  }),
  Submission: object({
    sessionId: id,
    assessmentId: id,
    submittedBy: orNull(text),
    assessment: json,
    rubric: json,
    snapshot: json,
    deliverables: listOf(json),
  }),
  Feedback: object({ sessionId: id, assessmentName: orNull(text), feedbackText: text, releasedAt: time }),
  ParkedSession: object({
    sessionId: id,
    assessmentId: id,
    status: orNull(text),
    parkedAt: time,
    attempts: number,
    reason: text,
  }),
  Agreement: object({
    assessmentId: id,
    reviewedSessions: number,
    smallestSample: number,
    categories: listOf(
      object({
        categoryId: id,
        maxPoints: points,
        n: number,
        kappa: orNull(agreed),
        meanAbsoluteDifference: orNull(points),
      }),
    ),
  }),
};
