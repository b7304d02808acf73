import { type Fact, parseStream } from '#event-sourcing';
import { defineCollection, type Projection } from '#read-store';

/** A reference; name and address are joined at read. */
export interface CandidateEntry {
  readonly orgId: string;
  readonly createdAt: string;
}

export const candidateList = defineCollection<CandidateEntry>({
  name: 'candidates',
  fields: { orgId: 'text', createdAt: 'time' },
  indexes: [['orgId', 'createdAt']],
});

export const candidateListProjection: Projection<Fact> = {
  name: 'candidates',
  version: 1,
  types: ['candidate_registered', 'candidate_removed'],
  collections: [candidateList],
  onPoison: 'quarantine_stream',
  touches: (fact) => [{ collection: candidateList, id: parseStream(fact.stream).id }],
  apply(fact, documents) {
    const { orgId, id } = parseStream(fact.stream);
    if (fact.type === 'candidate_registered')
      documents.put(candidateList, id, { orgId, createdAt: fact.metadata.recordedAt });
    else documents.remove(candidateList, id);
  },
};
