import { Injectable } from '@nestjs/common';
import { AggregateStore, streamName } from '#event-sourcing';
import { type ListAnswer, type ListRequest, newestFirst, ReadModels } from '#read-store';
import { issueAggregate } from './issue.aggregate.js';
import type { IssueFields } from './issue.events.js';
import { issueList } from './issue-list.projection.js';
import { sampleIssues } from './sample-issues.js';

export interface IssueView extends IssueFields {
  readonly id: string;
}

export interface IssuesWanted {
  readonly language?: string | undefined;
  readonly difficulty?: string | undefined;
}

export interface IssuesPage extends Omit<ListAnswer<object>, 'documents'> {
  readonly issues: readonly IssueView[];
}

/** The issues that tasks are taken from: an organization's own, newest first, and the samples after them. */
@Injectable()
export class IssueLibrary {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly readModels: ReadModels,
  ) {}

  async find(orgId: string, id: string): Promise<IssueView | undefined> {
    const sample = sampleIssues(orgId).find((issue) => issue.id === id);
    if (sample) return sample;
    const { state } = await this.aggregates.load(issueAggregate, streamName('issue', orgId, id));
    return state.fields && { id, ...state.fields };
  }

  async list(orgId: string, { language, difficulty }: IssuesWanted, page: ListRequest): Promise<IssuesPage> {
    const filter = { orgId, ...(language && { language }), ...(difficulty && { difficulty }) };
    const samples = sampleIssues(orgId).filter(
      (issue) => (!language || issue.language === language) && (!difficulty || issue.difficulty === difficulty),
    );
    const amongSamples = sampleAt(page.after);
    const own =
      amongSamples === undefined
        ? await newestFirst(this.readModels, issueList, filter, page)
        : { ...page, ...NOTHING_MORE, offset: 0, total: await this.readModels.count(issueList, filter) };
    const found = await Promise.all(own.documents.map(({ _id }) => this.find(orgId, _id)));
    const start = amongSamples ?? (page.after === undefined ? Math.max(0, own.offset - own.total) : 0);
    const end = own.hasMore ? start : start + page.limit - own.documents.length;
    const hasMore = own.hasMore || end < samples.length;
    return {
      issues: [...found.filter((issue) => issue !== undefined), ...samples.slice(start, end)],
      total: own.total + samples.length,
      limit: page.limit,
      offset: own.offset,
      hasMore,
      nextCursor: own.nextCursor ?? (hasMore ? Buffer.from(`sample ${end}`).toString('base64url') : null),
    };
  }
}

const NOTHING_MORE = { documents: [], hasMore: false, nextCursor: null };

/** A cursor among the samples, which never change: how many of them were shown. */
const sampleAt = (after: string | undefined): number | undefined => {
  const [, shown] = /^sample (\d{1,3})$/.exec(Buffer.from(after ?? '', 'base64url').toString()) ?? [];
  return shown === undefined ? undefined : Number(shown);
};
