import { Injectable } from '@nestjs/common';
import { Assessments, phasesOf } from '#assessments';
import { Candidates } from '#candidates';
import { type KeyPrincipal, seesNames } from '#platform';
import { type SubmittedDeliverableState, type SubmittedWork, SubmittedWorks } from '#sessions';
import { blinderFor, type Person } from '../judging/case/blinding.js';
import type { JudgedAssessment, JudgedRubric } from '../judging/judgement.js';
import { PinnedRubrics } from '../rubrics/pinned-rubrics.js';
import { personOf } from './person-of.js';

/** A submission with what it is measured by. */
export interface Submission extends SubmittedWork {
  readonly rubric: JudgedRubric;
  /** As it stood when the session pinned its plan. */
  readonly assessment: JudgedAssessment;
  /** Whose work it is: names and addresses for a judge to blind. */
  readonly person: Person;
}

/** What a scorer elsewhere needs beside the session's events. */
export interface SubmissionView {
  readonly sessionId: string;
  readonly assessmentId: string;
  readonly submittedBy: SubmittedWork['session']['submittedBy'];
  readonly assessment: JudgedAssessment;
  readonly rubric: JudgedRubric;
  readonly snapshot: SubmittedWork['snapshot'];
  readonly deliverables: readonly SubmittedDeliverableState[];
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
    const [rubric, assessment, person] = await Promise.all([
      this.rubrics.of(orgId, work.session),
      this.task(orgId, work),
      personOf(this.candidates, orgId, work.session.candidateId),
    ]);
    return { ...work, rubric, assessment, person };
  }

  /** @throws VerbatimError not_found | invalid_status_transition (nothing is submitted) */
  async view(reader: KeyPrincipal, sessionId: string): Promise<SubmissionView> {
    const { session, assessment, rubric, snapshot, deliverables, person } = await this.read(reader.orgId, sessionId);
    const { assessmentId, submittedBy } = session;
    // What candidates set up bears the names that they gave it, as their work does.
    const blinder = seesNames(reader) ? undefined : blinderFor(reader, person);
    const shown = <Value>(value: Value): Value => (blinder ? blinder.value(value) : value);
    return {
      sessionId,
      assessmentId,
      submittedBy,
      assessment,
      rubric,
      snapshot: shown(snapshot),
      deliverables: shown(deliverables),
    };
  }

  private async task(orgId: string, { session: { assessmentId, plan } }: SubmittedWork): Promise<JudgedAssessment> {
    const found = await this.assessments.findAt(orgId, assessmentId, plan.assessmentRevision);
    if (!found) return { name: null, role: null, taskPrompt: null, phases: [] };
    const { name, role, taskPrompt } = found.assessment;
    return { name, role, taskPrompt, phases: phasesOf(found.assessment).map(({ name, brief }) => ({ name, brief })) };
  }
}
