import { Injectable } from '@nestjs/common';
import { ReadModels } from '#read-store';
import { sessionList } from './projections/session-list.projection.js';

const PAGE = 500;

/** An assessment's sessions that are not closed, wherever the read model stands past `after`. */
@Injectable()
export class OpenSessions {
  constructor(private readonly readModels: ReadModels) {}

  async *of(orgId: string, assessmentId: string, after: bigint): AsyncGenerator<string> {
    // By id, not by offset: what is done with a session may take it out of the list under our feet.
    for (let last = ''; ; ) {
      const found = await this.readModels.find(
        sessionList,
        {
          filter: { orgId, assessmentId, closedReason: null, _id: { $gt: last } },
          sort: [['_id', 'asc']],
          limit: PAGE,
        },
        { after },
      );
      for (const { _id } of found) yield _id;
      if (found.length < PAGE) return;
      last = found[found.length - 1]!._id;
    }
  }
}
