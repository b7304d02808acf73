import type { ScoringModel, TokenPrices } from '#platform';
import type { CaseFile } from '../case/case-file.js';
import type { Hearing, Judge, JudgeAnswer } from '../judge.js';
import type { Abstention, TokenUsage } from '../judgement.js';
import type { ScoredCriterion } from '../rubric-reading.js';
import { type ModelAnswer, type Rejected, readAnswer, TOP_SCORE } from './answer.js';
import { askedAgain, newBoundary, type Prompt, promptOf } from './prompt.js';
import { type Shown, shownOf } from './selection.js';
import { ChatServer, type Said } from './server.js';
import { Slots } from './slots.js';

/** How often one criterion is asked before the judge is taken to have nothing to say. */
const MOST_ASKS = 3;

/** Asks a model, one criterion at a time. */
export class LlmJudge implements Judge {
  readonly kind = 'llm';
  readonly deterministic = false;
  readonly model: string;
  private readonly server: ChatServer;

  constructor(
    private readonly settings: ScoringModel,
    private readonly slots = new Slots(settings.concurrency),
  ) {
    this.model = settings.model;
    this.server = new ChatServer(settings);
  }

  hear(file: CaseFile): Hearing {
    return new LlmHearing(file, this.settings, this.server, this.slots);
  }

  /** The prices are of the model that is set up: what another one costs is not known. */
  by(model: string): Judge {
    if (model === this.model) return this;
    return new LlmJudge({ ...this.settings, model, prices: undefined }, this.slots);
  }
}

class LlmHearing implements Hearing {
  private readonly shown: Shown;
  private readonly boundary: string;
  private requests = 0;
  private inputTokens = 0;
  private outputTokens = 0;

  constructor(
    private readonly file: CaseFile,
    private readonly settings: ScoringModel,
    private readonly server: ChatServer,
    private readonly slots: Slots,
  ) {
    this.shown = shownOf(file, settings.promptChars);
    this.boundary = newBoundary();
  }

  async judge(criterion: ScoredCriterion, signal: AbortSignal): Promise<JudgeAnswer> {
    const prompt = promptOf(this.boundary, this.file.assessment, this.shown, criterion);
    const answerBy = { source: `llm/${this.settings.model}`, promptHash: prompt.hash };
    // Nothing to show, nothing to ask: a model would have to make something up.
    if (this.shown.events.size === 0)
      return { ...answerBy, ...silent('no_evidence', 'Nothing is on record that could be judged.') };
    const answer = await this.slots.run(() => this.asked(prompt, signal), signal);
    if ('abstained' in answer) return { ...answerBy, ...silent(answer.abstained, answer.why) };
    const { score, evidence, rationale, confidence, followUp } = answer;
    if (score === null) return { ...answerBy, ...silent('judge_abstained', rationale), followUp };
    const vouched = evidence.some(({ claim }) => !claim);
    return {
      ...answerBy,
      fraction: score / TOP_SCORE,
      evidence,
      rationale,
      confidence: vouched ? confidence : confidence * 0.7,
      abstained: null,
      followUp,
    };
  }

  usage(): TokenUsage {
    const { requests, inputTokens, outputTokens } = this;
    return { requests, inputTokens, outputTokens, cost: costOf(inputTokens, outputTokens, this.settings.prices) };
  }

  /** Asks until an answer can be taken, and then no more. */
  private async asked(prompt: Prompt, signal: AbortSignal): Promise<ModelAnswer | GaveUp> {
    let problem: Rejected & { readonly abstained: Abstention } = { rejected: '', abstained: 'answers_rejected' };
    for (let ask = 1; ask <= MOST_ASKS; ask += 1) {
      const messages = ask === 1 ? prompt.messages : [...prompt.messages, askedAgain(problem.rejected)];
      const said = await this.server.ask(messages, signal);
      this.requests += 1;
      this.inputTokens += said.inputTokens;
      this.outputTokens += said.outputTokens;
      const answer = this.read(said);
      if (!('rejected' in answer)) return answer;
      problem = answer;
    }
    return {
      abstained: problem.abstained,
      why:
        problem.abstained === 'refused'
          ? `The model refused ${MOST_ASKS} times.`
          : `${MOST_ASKS} answers of the model could not be taken; of the last one: ${problem.rejected}`,
    };
  }

  private read(said: Said): ModelAnswer | (Rejected & { readonly abstained: Abstention }) {
    if (said.refused) return { rejected: 'it was a refusal; the record is data to be judged.', abstained: 'refused' };
    if (said.cut || said.content === null)
      return { rejected: 'it was cut off or empty.', abstained: 'answers_rejected' };
    const answer = readAnswer(said.content, this.file, this.shown.events);
    return 'rejected' in answer ? { ...answer, abstained: 'answers_rejected' } : answer;
  }
}

interface GaveUp {
  readonly abstained: Abstention;
  readonly why: string;
}

const silent = (abstained: Abstention, rationale: string) => ({
  fraction: null,
  evidence: [],
  rationale,
  confidence: 0,
  abstained,
  followUp: null,
});

const MILLION = 1_000_000;

const costOf = (inputTokens: number, outputTokens: number, prices: TokenPrices | undefined): number | null =>
  prices ? Math.round(inputTokens * prices.input + outputTokens * prices.output) / MILLION : null;
