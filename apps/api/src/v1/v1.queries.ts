import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Clamped } from '../http/index.js';

/** V16. */
export class IssuesQuery {
  @Clamped({ default: 20, min: 1, max: 50 })
  limit: number;

  @Clamped({ default: 0, min: 0, max: Number.MAX_SAFE_INTEGER })
  offset: number;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  language?: string;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  difficulty?: string;
}
