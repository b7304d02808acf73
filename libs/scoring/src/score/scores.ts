import { Injectable } from '@nestjs/common';
import { notFound } from '#platform';
import { type SessionState, Sessions } from '#sessions';
import { ScoreRanks } from '../ranks/score-ranks.js';
import { type Score, scoreOf } from './score.js';

const UNRANKED = { percentileThisAssessment: null, percentileCategory: null, percentileGlobal: null };

/** Scores, read from their session's own stream: never stale. */
@Injectable()
export class Scores {
  constructor(
    private readonly sessions: Sessions,
    private readonly ranks: ScoreRanks,
  ) {}

  /** @throws VerbatimError not_found, of a session and of its score */
  async current(orgId: string, sessionId: string): Promise<Score> {
    const { state } = await this.sessions.require(orgId, sessionId);
    const { currentRunId, runs } = state.scoring;
    const run = runs.find(({ runId }) => runId === currentRunId);
    if (!run) throw notFound('score');
    return scoreOf(state, run, await this.ranks.of(orgId, sessionId));
  }

  /** Every run, oldest first, those set aside too. Only the current one is ranked. */
  async all(orgId: string, sessionId: string): Promise<readonly Score[]> {
    const { state } = await this.sessions.require(orgId, sessionId);
    const ranks = await this.ranks.of(orgId, sessionId);
    return state.scoring.runs.map((run) => scoreOf(state, run, isCurrent(state, run.runId) ? ranks : UNRANKED));
  }
}

const isCurrent = ({ scoring }: SessionState, runId: string): boolean => scoring.currentRunId === runId;
