import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ListOutbox, type OutboxPage } from '#invitations';
import type { KeyPrincipal } from '#platform';
import { Allow, Caller, Clamped } from '../http/index.js';

export class OutboxQuery {
  @Clamped({ default: 20, min: 1, max: 100 })
  limit: number;

  @Clamped({ default: 0, min: 0, max: Number.MAX_SAFE_INTEGER })
  offset: number;
}

/** W17: what was or will be mailed. */
@Controller('api/outbox')
@Allow('admin')
export class OutboxController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  list(@Caller() { orgId }: KeyPrincipal, @Query() { limit, offset }: OutboxQuery): Promise<OutboxPage> {
    return this.queries.execute(new ListOutbox(orgId, { limit, offset }));
  }
}
