import { derivedId } from '#platform';
import type { IssueFields } from './issue.events.js';
import type { IssueView } from './issue-library.js';

/** What every organization finds in its library, so that a first assessment can be made at once. Small and self-contained. */
const SAMPLES: Readonly<Record<string, IssueFields>> = {
  'csv-quotes': {
    title: 'The CSV export breaks on quotes and line breaks',
    repoUrl: null,
    url: null,
    body:
      'Rows whose fields hold a comma, a double quote or a line break come out shifted when a spreadsheet opens them. ' +
      'The exporter joins fields with commas and escapes nothing.',
    language: 'typescript',
    difficulty: 'easy',
    taskBrief:
      'Write toCsv(rows: string[][]): string and parseCsv(text: string): string[][] by RFC 4180, so that every table ' +
      'survives the way there and back: commas, quotes, line breaks and empty fields included. Bring tests.',
    estimatedMinutes: 45,
  },
  'rate-limiter': {
    title: 'One noisy client slows everybody down',
    repoUrl: null,
    url: null,
    body: 'The API has no limit per client. Last week one script sent 4,000 requests a minute and nobody else got through.',
    language: 'python',
    difficulty: 'medium',
    taskBrief:
      'Write a token bucket limiter, safe under threads: allow(client, now) answers whether a request may pass and after ' +
      'how many seconds the next one may. Memory must not grow with clients that went away. Bring tests that do not sleep.',
    estimatedMinutes: 60,
  },
  'lost-updates': {
    title: 'Two people editing one document lose work',
    repoUrl: null,
    url: null,
    body: 'Both load version 7, both save; the one who saves last wins, and the other is told that all is well.',
    language: 'go',
    difficulty: 'hard',
    taskBrief:
      'Give the in-memory document store optimistic concurrency: a save names the version it was made from, a save from an ' +
      'old version is refused with what changed since, and changes to different paragraphs are merged. Show with a test ' +
      'of many writers that nothing acknowledged is ever lost.',
    estimatedMinutes: 90,
  },
};

/** Ids follow from the organization: one's ids say nothing about another's. */
export const sampleIssues = (orgId: string): readonly IssueView[] =>
  Object.entries(SAMPLES).map(([name, fields]) => ({ id: derivedId('sample-issue', orgId, name), ...fields }));
