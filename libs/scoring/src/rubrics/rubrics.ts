import { Injectable } from '@nestjs/common';
import { AggregateStore, streamName } from '#event-sourcing';
import { type ListAnswer, type ListRequest, newestFirst, ReadModels } from '#read-store';
import { rubricAggregate } from './rubric.decider.js';
import type { RubricFields } from './rubric.events.js';
import { rubricList } from './rubric-list.projection.js';

export interface RubricView extends RubricFields {
  readonly id: string;
}

export interface RubricsPage extends Omit<ListAnswer<never>, 'documents'> {
  readonly rubrics: readonly RubricView[];
}

@Injectable()
export class Rubrics {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly readModels: ReadModels,
  ) {}

  async find(orgId: string, id: string): Promise<RubricView | undefined> {
    const { state } = await this.aggregates.load(rubricAggregate, streamName('rubric', orgId, id));
    return state.fields && { id, ...state.fields };
  }

  /** Newest first. */
  async list(orgId: string, page: ListRequest): Promise<RubricsPage> {
    const { documents, ...rest } = await newestFirst(this.readModels, rubricList, { orgId }, page);
    const found = await Promise.all(documents.map(({ _id }) => this.find(orgId, _id)));
    return { rubrics: found.filter((rubric) => rubric !== undefined), ...rest };
  }
}
