import { type Fact, parseStream } from '#event-sourcing';
import { defineCollection, type Projection } from '#read-store';

/** A session whose score nobody tries to make any more; why stands in its stream. */
export interface ParkedScoring {
  readonly orgId: string;
  /** When it was parked: what the list is sorted by. */
  readonly createdAt: string;
}

export const parkedScoring = defineCollection<ParkedScoring>({
  name: 'parked_scoring',
  fields: { orgId: 'text', createdAt: 'time' },
  indexes: [['orgId', 'createdAt']],
});

const sessionIdOf = (fact: Fact): string =>
  fact.type === 'session_erased' ? (fact.data as { sessionId: string }).sessionId : parseStream(fact.stream).id;

/** What was parked, until somebody asks again or it has no meaning any more. */
export const parkedScoringProjection: Projection<Fact> = {
  name: 'parked_scoring',
  version: 1,
  types: [
    'scoring_parked',
    'scoring_requested',
    'review_recorded',
    'session_reopened',
    'session_deleted',
    'session_erased',
  ],
  collections: [parkedScoring],
  onPoison: 'quarantine_stream',
  touches: (fact) => [{ collection: parkedScoring, id: sessionIdOf(fact) }],
  apply(fact, documents) {
    const id = sessionIdOf(fact);
    if (fact.type !== 'scoring_parked') return documents.remove(parkedScoring, id);
    const { parkedAt } = fact.data as { parkedAt: string };
    documents.put(parkedScoring, id, { orgId: parseStream(fact.stream).orgId, createdAt: parkedAt });
  },
};
