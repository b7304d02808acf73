import { defineEvent, type EventOf } from '#event-sourcing';

export interface IssueFields {
  readonly title: string;
  readonly repoUrl: string | null;
  /** Where the issue itself can be read. */
  readonly url: string | null;
  readonly body: string | null;
  readonly language: string | null;
  readonly difficulty: string | null;
  /** What a candidate is told to do; without one it is the body. */
  readonly taskBrief: string | null;
  readonly estimatedMinutes: number | null;
}

export const issueAdded = defineEvent<IssueFields>()({
  type: 'issue_added',
  version: 1,
  layer: 'record',
  meaning: "An issue is in the organization's library: assessments may take their task from it.",
  structure: {
    title: 'open',
    repoUrl: 'open',
    url: 'open',
    body: 'open',
    language: 'open',
    difficulty: 'open',
    taskBrief: 'open',
    estimatedMinutes: 'number',
  },
});

export const issueEvents = [issueAdded] as const;
export type IssueEvent = EventOf<typeof issueEvents>;
