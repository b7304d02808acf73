import type { ScoringModel } from '#platform';
import {
  type JudgedCriterion,
  type JudgedRubric,
  type Judgement,
  type Judges,
  type JudgingInput,
  judgeSession,
  judgesFrom,
} from '#scoring';
import { RUBRIC } from '../../libs/scoring/src/judging/testing/sample-work.js';
import type { OpenAiServer } from '../support/openai-server/start.js';

/** Judges by the model of a test server; quick to give up. */
export const judgesAt = ({ baseUrl }: OpenAiServer, wish: Partial<ScoringModel> = {}, runs = 1): Judges =>
  judgesFrom({
    scoringModel: {
      apiKey: 'sk-test',
      baseUrl,
      model: 'test-model',
      concurrency: 4,
      timeoutMs: 2_000,
      retries: 2,
      promptChars: 60_000,
      prices: { input: 0.5, output: 2 },
      ...wish,
    },
    scoringRuns: runs,
  });

/** One criterion, judged by the model alone. */
export const ONE_CRITERION: JudgedRubric = {
  ...RUBRIC,
  totalPoints: 100,
  categories: [
    {
      id: 'quality',
      name: 'Quality',
      points: 100,
      scoringMethod: 'llm_judge',
      subCriteria: [
        {
          id: 'fit',
          name: 'Fits',
          points: 100,
          description: 'Names revenue, margin and risk of each region.',
          enabled: true,
        },
      ],
    },
  ],
};

export const judgedBy = (
  input: JudgingInput,
  judges: Judges,
  signal = new AbortController().signal,
): Promise<Judgement> => judgeSession(input, judges, { signal });

export const onlyCriterion = ({ categories }: Judgement): JudgedCriterion => categories[0]!.subCriteria[0]!;
