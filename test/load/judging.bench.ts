import { type Judges, type JudgingInput, judgeSession, judgesFrom, offlineJudge } from '#scoring';
import { GOOD_WORK, sampleInput } from '../../libs/scoring/src/judging/testing/sample-work.js';
import { startOpenAiServer } from '../support/openai-server/start.js';
import { type Bench, type BenchResult, median, perSecond } from './bench.js';

const ANSWER_MS = 50;
/** What a session of the sample's rubric asks a model. */
const CRITERIA_ASKED = 12;
const SESSIONS = 24;
const AT_ONCE = 4;

const sessionOf = (events: number): JudgingInput =>
  sampleInput({ told: Array.from({ length: events }, (_, at) => GOOD_WORK[at % GOOD_WORK.length]!) });

const judge = (input: JudgingInput, judges: Judges) =>
  judgeSession(input, judges, { signal: new AbortController().signal });

async function criteriaASecond(baseUrl: string, concurrency: number): Promise<number> {
  const judges = judgesFrom({
    scoringModel: {
      apiKey: 'sk-bench',
      baseUrl,
      model: 'bench',
      concurrency,
      timeoutMs: 10_000,
      retries: 0,
      promptChars: 20_000,
      prices: undefined,
    },
    scoringRuns: 1,
  });
  const input = sessionOf(100);
  await judge(input, judges);
  let left = SESSIONS;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await judge(input, judges);
  };
  return perSecond(SESSIONS * CRITERIA_ASKED, async () => {
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  });
}

const byModel: Bench = {
  name: 'judging: criteria by a model that answers in 50 ms',
  run: async () => {
    const server = await startOpenAiServer();
    try {
      await server.behave({ delayMs: ANSWER_MS });
      const results: BenchResult[] = [];
      for (const concurrency of [4, 8])
        results.push({
          what: `criteria judged by a model, ${concurrency} asked at once`,
          measured: await criteriaASecond(server.baseUrl, concurrency),
          unit: '/s',
          yardsticks: [
            {
              name: `${concurrency} answers of ${ANSWER_MS} ms at once`,
              measured: (concurrency * 1000) / ANSWER_MS,
              goal: 0.8,
            },
          ],
        });
      return results;
    } finally {
      await server.stop();
    }
  },
};

const offline: Bench = {
  name: 'judging: sessions by the offline judge',
  run: async () => {
    const judges: Judges = { judge: offlineJudge, runs: 1, spreadBound: 0.25 };
    const results: BenchResult[] = [];
    for (const [events, rounds] of [
      [100, 100],
      [400, 50],
      [20_000, 5],
    ] as const) {
      const input = sessionOf(events);
      for (let round = 0; round < 3; round += 1) await judge(input, judges);
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const began = performance.now();
        await judge(input, judges);
        times.push(performance.now() - began);
      }
      results.push({
        what: `a session of ${events.toLocaleString('en-US')} events judged offline, p50`,
        measured: median(times),
        unit: 'ms',
        yardsticks: [],
      });
    }
    return results;
  },
};

export const judgingBenches: readonly Bench[] = [byModel, offline];
