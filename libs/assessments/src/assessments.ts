import { Injectable } from '@nestjs/common';
import { AggregateStore, streamName } from '#event-sourcing';
import { type AssessmentState, assessmentAggregate } from './assessment.decider.js';

export interface FoundAssessment {
  readonly assessment: AssessmentState;
  /** Of its last fact; the version callers see is one more. */
  readonly revision: number;
}

/** Assessments as they are, read from their own streams: never stale. */
@Injectable()
export class Assessments {
  constructor(private readonly aggregates: AggregateStore) {}

  /** Undefined when there is none, or it was deleted. */
  async find(orgId: string, id: string): Promise<FoundAssessment | undefined> {
    const { state, revision } = await this.load(orgId, id);
    return state.status === 'present' ? { assessment: state, revision } : undefined;
  }

  /** As it stood at that revision, whatever became of it later: what a session pinned when it left setup. */
  async findAt(orgId: string, id: string, revision: number): Promise<FoundAssessment | undefined> {
    const stream = streamName('assessment', orgId, id);
    const { state, revision: found } = await this.aggregates.loadAt(assessmentAggregate, stream, revision);
    return state.status === 'unknown' ? undefined : { assessment: state, revision: found };
  }

  /** Deleted ones are in it too, since their sessions stay auditable; unknown ids are absent. */
  async names(orgId: string, ids: Iterable<string>): Promise<Map<string, string>> {
    const found = await Promise.all([...new Set(ids)].map(async (id) => ({ id, ...(await this.load(orgId, id)) })));
    return new Map(found.filter(({ state }) => state.status !== 'unknown').map(({ id, state }) => [id, state.name]));
  }

  private load(orgId: string, id: string) {
    return this.aggregates.load(assessmentAggregate, streamName('assessment', orgId, id));
  }
}
