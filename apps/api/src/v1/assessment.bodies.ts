import { IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { ASSESSMENT_BOUNDS } from '#assessments';
import { CleanText } from '../http/index.js';

const { nameLength, textLength, minutes, expiresInDays, urlLength } = ASSESSMENT_BOUNDS;

/** V1. Null is as good as left out. */
export class CodingAssessmentBody {
  @CleanText(nameLength)
  title: string;

  @CleanText(nameLength)
  role: string;

  @IsOptional()
  @CleanText(textLength, 0)
  taskBrief?: string | null;

  @IsOptional()
  @CleanText(128)
  issueId?: string | null;

  @IsOptional()
  @CleanText(urlLength)
  repoUrl?: string | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(minutes)
  timeLimitMinutes?: number | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(expiresInDays)
  expiresInDays?: number | null;

  @IsOptional()
  @IsUUID()
  rubricId?: string | null;
}

/** V16. */
export class IssueBody {
  @CleanText()
  title: string;

  @IsOptional()
  @CleanText(urlLength)
  repoUrl?: string | null;

  @IsOptional()
  @CleanText(urlLength)
  url?: string | null;

  @IsOptional()
  @CleanText(textLength, 0)
  body?: string | null;

  @IsOptional()
  @CleanText(64)
  language?: string | null;

  @IsOptional()
  @CleanText(64)
  difficulty?: string | null;

  @IsOptional()
  @CleanText(textLength, 0)
  taskBrief?: string | null;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(minutes)
  estimatedMinutes?: number | null;
}
