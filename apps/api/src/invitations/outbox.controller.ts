import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ListOutbox, type OutboxPage } from '#invitations';
import type { KeyPrincipal } from '#platform';
import { Allow, Caller, PageQuery } from '../http/index.js';

/** W17: what was or will be mailed. */
@Controller('api/outbox')
@Allow('admin')
export class OutboxController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  list(@Caller() { orgId }: KeyPrincipal, @Query() page: PageQuery): Promise<OutboxPage> {
    return this.queries.execute(new ListOutbox(orgId, page));
  }
}
