import { Injectable } from '@nestjs/common';
import { Assessments, phasesOf } from '#assessments';
import { Candidates } from '#candidates';
import { type SubmittedWork, SubmittedWorks } from '#sessions';
import type { JudgedAssessment, JudgedRubric } from '../judging/judgement.js';
import { PinnedRubrics } from '../rubrics/pinned-rubrics.js';

/** A submission with what it is measured by. */
export interface Submission extends SubmittedWork {
  readonly rubric: JudgedRubric;
  /** As it stood when the session pinned its plan. */
  readonly assessment: JudgedAssessment;
}

export interface KnownPerson {
  readonly names: readonly string[];
  readonly emails: readonly string[];
}

@Injectable()
export class Submissions {
  constructor(
    private readonly works: SubmittedWorks,
    private readonly rubrics: PinnedRubrics,
    private readonly assessments: Assessments,
    private readonly candidates: Candidates,
  ) {}

  /** @throws VerbatimError not_found | invalid_status_transition (nothing is submitted) */
  async read(orgId: string, sessionId: string): Promise<Submission> {
    const work = await this.works.read(orgId, sessionId);
    const [rubric, assessment] = await Promise.all([this.rubrics.of(orgId, work.session), this.task(orgId, work)]);
    return { ...work, rubric, assessment };
  }

  /** For a judge to blind: the names and addresses of whoever's work it is. */
  async personOf(orgId: string, { session }: SubmittedWork): Promise<KnownPerson> {
    const profile = (await this.candidates.profiles(orgId, [session.candidateId])).get(session.candidateId);
    return { names: profile ? [profile.name] : [], emails: profile?.email ? [profile.email] : [] };
  }

  private async task(orgId: string, { session: { assessmentId, plan } }: SubmittedWork): Promise<JudgedAssessment> {
    const found = await this.assessments.findAt(orgId, assessmentId, plan.assessmentRevision);
    if (!found) return { name: null, role: null, taskPrompt: null, phases: [] };
    const { name, role, taskPrompt } = found.assessment;
    return { name, role, taskPrompt, phases: phasesOf(found.assessment).map(({ name, brief }) => ({ name, brief })) };
  }
}
