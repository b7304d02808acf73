import { Injectable } from '@nestjs/common';
import { Assessments } from '#assessments';
import { isVerbatimError } from '#platform';
import type { SessionState } from '#sessions';
import type { JudgedRubric } from '../judging/judgement.js';
import { DEFAULT_RUBRIC, DEFAULT_RUBRIC_ID, DEFAULT_RUBRIC_VERSION } from './default-rubric.js';
import { type RubricWish, rubricFields } from './rubric.decider.js';
import type { RubricFields } from './rubric.events.js';
import { Rubrics } from './rubrics.js';

/** The rubric that a session is scored by: its assessment's as it stood when the session pinned its plan. */
@Injectable()
export class PinnedRubrics {
  constructor(
    private readonly assessments: Assessments,
    private readonly rubrics: Rubrics,
  ) {}

  async of(orgId: string, { assessmentId, plan }: SessionState): Promise<JudgedRubric> {
    const found = await this.assessments.findAt(orgId, assessmentId, plan.assessmentRevision);
    const version = found?.assessment.rubricVersion ?? null;
    const own = readRubric(found?.assessment.scoringRubric);
    if (own) return { id: assessmentId, version, ...own };
    const named = found?.assessment.rubricId;
    const rubric = named ? await this.rubrics.find(orgId, named) : undefined;
    if (rubric) return { ...rubric, version };
    return { id: DEFAULT_RUBRIC_ID, version: DEFAULT_RUBRIC_VERSION, ...DEFAULT_RUBRIC };
  }
}

/** Undefined of none, and of what was stored before rubrics were checked and is none. */
const readRubric = (stored: object | null | undefined): RubricFields | undefined => {
  if (!stored || !Array.isArray((stored as Partial<RubricWish>).categories)) return undefined;
  try {
    return rubricFields(stored as RubricWish);
  } catch (error) {
    if (isVerbatimError(error) || error instanceof TypeError) return undefined;
    throw error;
  }
};
