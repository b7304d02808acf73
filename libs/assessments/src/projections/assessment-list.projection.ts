import { type Fact, parseStream } from '#event-sourcing';
import { defineCollection, type Projection } from '#read-store';

/** A reference; what is shown of an assessment is read from its stream. */
export interface AssessmentEntry {
  readonly orgId: string;
  readonly createdAt: string;
}

export const assessmentList = defineCollection<AssessmentEntry>({
  name: 'assessments',
  fields: { orgId: 'text', createdAt: 'time' },
  indexes: [['orgId', 'createdAt']],
});

export const assessmentListProjection: Projection<Fact> = {
  name: 'assessments',
  version: 1,
  types: ['assessment_created', 'assessment_deleted'],
  collections: [assessmentList],
  onPoison: 'quarantine_stream',
  touches: (fact) => [{ collection: assessmentList, id: parseStream(fact.stream).id }],
  apply(fact, documents) {
    const { orgId, id } = parseStream(fact.stream);
    if (fact.type === 'assessment_created')
      documents.put(assessmentList, id, { orgId, createdAt: fact.metadata.recordedAt });
    else documents.remove(assessmentList, id);
  },
};
