import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Clamped, PageQuery } from '../http/index.js';

/** V13. */
export class RecordedSessionsQuery extends PageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(128)
  assessmentId?: string;
}

/** V14. */
export class TimelineQuery {
  @Clamped({ default: 500, min: 1, max: 2000 })
  limit: number;

  /** The id of an event: what comes after it. */
  @IsOptional()
  @IsString()
  after?: string;
}

/** V16. */
export class IssuesQuery {
  @Clamped({ default: 20, min: 1, max: 50 })
  limit: number;

  @Clamped({ default: 0, min: 0, max: Number.MAX_SAFE_INTEGER })
  offset: number;

  /** The `nextCursor` of the page before. */
  @IsOptional()
  @IsString()
  after?: string;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  language?: string;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  difficulty?: string;
}
