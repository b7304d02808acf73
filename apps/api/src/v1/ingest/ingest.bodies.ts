import { IsIn, IsOptional, IsString, MaxLength, MinLength, ValidateBy } from 'class-validator';
import { CleanText, JsonObject } from '../../http/index.js';
import { ACTORS, KINDS, type Kind } from './ingest-kinds.js';

const LAST_MOMENT = 8_640_000_000_000_000;

/** Milliseconds since 1970, or an ISO-8601 time; undefined: neither. */
export const momentOf = (ts: unknown): number | undefined => {
  const moment = typeof ts === 'string' && /^\d{4}-\d\d-\d\dT/.test(ts) ? Date.parse(ts) : ts;
  return Number.isInteger(moment) && Math.abs(moment as number) <= LAST_MOMENT ? (moment as number) : undefined;
};

const Moment = () =>
  ValidateBy({
    name: 'moment',
    validator: {
      validate: (value) => (momentOf(value) ?? -1) >= 0,
      defaultMessage: () => '$property must be milliseconds since 1970 or an ISO-8601 time.',
    },
  });

/** V11. What is not named here is kept in the original all the same. */
export class IngestBody {
  /** The tool's own: the same id again is skipped. */
  @IsString()
  @MinLength(1)
  @MaxLength(256)
  id: string;

  @CleanText(128)
  sessionId: string;

  @Moment()
  ts: number | string;

  @IsIn(KINDS)
  kind: Kind;

  @IsOptional()
  @IsString()
  source?: string | null;

  /** Left out: the candidate. */
  @IsOptional()
  @IsIn(ACTORS)
  actor?: (typeof ACTORS)[number] | null;

  @IsOptional()
  provenance?: unknown;

  @IsOptional()
  v?: unknown;

  @JsonObject()
  data: Record<string, unknown>;
}

/** V12. */
export class CompleteBody {
  @CleanText(128)
  sessionId: string;
}
