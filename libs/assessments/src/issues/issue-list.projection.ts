import { type Fact, parseStream } from '#event-sourcing';
import { defineCollection, type Projection } from '#read-store';
import type { IssueFields } from './issue.events.js';

/** A reference and what lists are filtered by; the rest is read from the issue's stream. */
export interface IssueEntry {
  readonly orgId: string;
  readonly language: string | null;
  readonly difficulty: string | null;
  readonly createdAt: string;
}

export const issueList = defineCollection<IssueEntry>({
  name: 'issues',
  fields: { orgId: 'text', language: 'text', difficulty: 'text', createdAt: 'time' },
  indexes: [['orgId', 'createdAt']],
});

export const issueListProjection: Projection<Fact> = {
  name: 'issues',
  version: 1,
  types: ['issue_added'],
  collections: [issueList],
  onPoison: 'quarantine_stream',
  touches: (fact) => [{ collection: issueList, id: parseStream(fact.stream).id }],
  apply(fact, documents) {
    const { orgId, id } = parseStream(fact.stream);
    const { language, difficulty } = fact.data as IssueFields;
    documents.put(issueList, id, { orgId, language, difficulty, createdAt: fact.metadata.recordedAt });
  },
};
