import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import { isoTime } from '#platform';
import { type ListAnswer, type ListRequest, newestFirst, ReadModels } from '#read-store';
import { type SessionStatus, Sessions } from '#sessions';
import { parkedScoring } from './parked-scoring.projection.js';

export interface ParkedSession {
  readonly sessionId: string;
  readonly assessmentId: string;
  readonly status: SessionStatus | null;
  readonly parkedAt: string;
  readonly attempts: number;
  readonly reason: string;
}

export interface ParkedPage extends Omit<ListAnswer<never>, 'documents'> {
  readonly parked: readonly ParkedSession[];
}

/** Sessions whose scoring was given up, last given up first. */
export class ListParked extends Query<ParkedPage> {
  constructor(
    readonly orgId: string,
    readonly page: ListRequest,
  ) {
    super();
  }
}

@QueryHandler(ListParked)
export class ListParkedHandler implements IQueryHandler<ListParked> {
  constructor(
    private readonly models: ReadModels,
    private readonly sessions: Sessions,
  ) {}

  async execute({ orgId, page }: ListParked): Promise<ParkedPage> {
    const { documents, ...rest } = await newestFirst(this.models, parkedScoring, { orgId }, page);
    const found = await Promise.all(documents.map(({ _id }) => this.sessions.find(orgId, _id)));
    // Whatever was asked for again since the list was read is left out.
    const parked = found.flatMap((loaded): readonly ParkedSession[] => {
      const given = loaded?.state.scoring.parked;
      if (!loaded || !given) return [];
      const { sessionId, assessmentId, status } = loaded.state;
      const { at, attempts, reason } = given;
      return [{ sessionId, assessmentId, status, parkedAt: isoTime(at), attempts, reason }];
    });
    return { parked, ...rest };
  }
}
