import { Injectable } from '@nestjs/common';
import { AggregateStore, streamName } from '#event-sourcing';
import { ReadModels } from '#read-store';
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

export interface IssuesPage {
  readonly issues: readonly IssueView[];
  readonly total: number;
  readonly limit: number;
  readonly offset: number;
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

  async list(
    orgId: string,
    { language, difficulty }: IssuesWanted,
    { limit, offset }: { limit: number; offset: number },
  ): Promise<IssuesPage> {
    const filter = { orgId, ...(language && { language }), ...(difficulty && { difficulty }) };
    const own = await this.readModels.page(issueList, {
      filter,
      sort: [
        ['createdAt', 'desc'],
        ['_id', 'desc'],
      ],
      limit,
      offset,
    });
    const found = await Promise.all(own.documents.map(({ _id }) => this.find(orgId, _id)));
    const samples = sampleIssues(orgId).filter(
      (issue) => (!language || issue.language === language) && (!difficulty || issue.difficulty === difficulty),
    );
    const start = Math.max(0, offset - own.total);
    return {
      issues: [...found.filter((issue) => issue !== undefined), ...samples.slice(start)].slice(0, limit),
      total: own.total + samples.length,
      limit,
      offset,
    };
  }
}
