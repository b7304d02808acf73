import { Controller, Get, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { IsOptional, IsString } from 'class-validator';
import { type KeyHolderPage, ListKeyHolders } from '#access';
import type { KeyPrincipal } from '#platform';
import { Allow, Caller, Clamped } from '../http/index.js';
import { keyReaderOf } from './key-reader.js';

export class KeyHoldersQuery {
  @Clamped({ default: 50, min: 1, max: 200 })
  limit: number;

  @Clamped({ default: 0, min: 0, max: Number.MAX_SAFE_INTEGER })
  offset: number;

  /** The `nextCursor` of the page before: opaque, and then `offset` does not count. */
  @IsOptional()
  @IsString()
  after?: string;
}

/** V9. */
@Controller('v1/candidates')
@Allow('admin', 'reviewer', 'auditor')
export class KeyHoldersController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  list(@Caller() caller: KeyPrincipal, @Query() page: KeyHoldersQuery): Promise<KeyHolderPage> {
    return this.queries.execute(new ListKeyHolders(caller.orgId, page, keyReaderOf(caller)));
  }
}
