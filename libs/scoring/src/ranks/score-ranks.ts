import { Injectable } from '@nestjs/common';
import { VerbatimError } from '#platform';
import { ReadModels } from '#read-store';
import type { ScorePercentiles } from '../score/score.js';
import { rankGroups, type ScoreRank, scoreRanks } from './score-ranks.projection.js';

const UNRANKED: ScorePercentiles = {
  percentileThisAssessment: null,
  percentileCategory: null,
  percentileGlobal: null,
};

/** Each takes milliseconds, and a group changes when somebody is scored. */
const ATTEMPTS = 10;

/** Where a session's current score stands among others of its organization: never beyond it. */
@Injectable()
export class ScoreRanks {
  constructor(private readonly models: ReadModels) {}

  async of(orgId: string, sessionId: string): Promise<ScorePercentiles> {
    const entry = await this.models.get(scoreRanks, sessionId);
    if (entry?.orgId !== orgId || entry.finalScore === null) return UNRANKED;
    const [percentileThisAssessment, percentileCategory, percentileGlobal] = await Promise.all([
      this.within('assessment', entry),
      this.within('category', entry),
      this.within('organization', entry),
    ]);
    return { percentileThisAssessment, percentileCategory, percentileGlobal };
  }

  /** Others beaten, of all others: ties are not beaten, as in the cohorts' statistics. */
  private async within(field: 'assessment' | 'category' | 'organization', entry: ScoreRank): Promise<number | null> {
    const group = entry[field];
    if (group === null) return null;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const before = await this.models.get(rankGroups, group);
      const beaten = await this.models.count(scoreRanks, {
        [field]: group,
        finalScore: { $lt: entry.finalScore ?? 0 },
      });
      // Ranks and count of one and the same group: who came in between is in both or in none.
      if ((await this.models.get(rankGroups, group))?.changes !== before?.changes) continue;
      const others = (before?.count ?? 0) - 1;
      return others < 1 ? null : Math.round((1000 * beaten) / others) / 10;
    }
    throw new VerbatimError('busy', 'Scores change faster than they can be counted; ask again in a moment.', {
      retryAfter: 1,
    });
  }
}
