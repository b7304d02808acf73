import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ACTIVITY_TYPES, type ActivityTypeName, SESSION_STATUSES, type SessionStatus } from '#sessions';
import { Clamped, IfGiven, IsoTime, PageQuery } from '../http/index.js';

export class SessionsQuery extends PageQuery {
  @IsOptional()
  @IsString()
  @MaxLength(128)
  assessmentId?: string;

  @IsOptional()
  @IsString()
  @MaxLength(128)
  candidateId?: string;

  @IfGiven()
  @IsIn(SESSION_STATUSES)
  status?: SessionStatus;
}

export class EventsQuery {
  @Clamped({ default: 100, min: 1, max: 1000 })
  limit: number;

  @Clamped({ default: 0, min: 0, max: Number.MAX_SAFE_INTEGER })
  offset: number;

  @IfGiven()
  @IsIn(ACTIVITY_TYPES)
  type?: ActivityTypeName;

  /** A seq: events after it, and then `offset` does not count. */
  @IfGiven()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  after?: number;

  /** `system`: facts of the session's life as well. */
  @IfGiven()
  @IsIn(['system'])
  include?: 'system';
}

export class ReplayQuery {
  /** A seq, inclusive; past the end is the end. */
  @IfGiven()
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  at?: number;

  @IfGiven()
  @IsoTime()
  atTime?: string;
}

export class StreamQuery {
  /** Where to go on from, exclusive; `Last-Event-ID` wins over it. */
  @IsOptional()
  @IsString()
  after?: string;
}

export class FeedStreamQuery extends StreamQuery {
  /** Event types, with commas between. */
  @IsOptional()
  @IsString()
  types?: string;
}

export class FeedQuery extends FeedStreamQuery {
  @Clamped({ default: 100, min: 1, max: 1000 })
  limit: number;
}
