import { type Fact, parseStream } from '#event-sourcing';
import { defineCollection, type Projection } from '#read-store';

/** A reference; what is shown of a rubric is read from its stream. */
export interface RubricEntry {
  readonly orgId: string;
  readonly createdAt: string;
}

export const rubricList = defineCollection<RubricEntry>({
  name: 'rubrics',
  fields: { orgId: 'text', createdAt: 'time' },
  indexes: [['orgId', 'createdAt']],
});

export const rubricListProjection: Projection<Fact> = {
  name: 'rubrics',
  version: 1,
  types: ['rubric_created'],
  collections: [rubricList],
  onPoison: 'quarantine_stream',
  touches: (fact) => [{ collection: rubricList, id: parseStream(fact.stream).id }],
  apply(fact, documents) {
    const { orgId, id } = parseStream(fact.stream);
    documents.put(rubricList, id, { orgId, createdAt: fact.metadata.recordedAt });
  },
};
