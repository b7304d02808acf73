import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { HUMAN_DECISIONS, type HumanDecision } from '#sessions';
import { CleanText, Decimals, IfGiven, Nested } from '../http/index.js';

const ID = 128;
const TEXT = 5000;
const LONG_TEXT = 20_000;
const MOST = 50;

/** W6. */
export class ScoringBody {
  @CleanText(ID)
  sessionId: string;

  @IsOptional()
  @CleanText(ID)
  model?: string | null;

  /** How long to wait for the score before answering 202. */
  @IfGiven()
  @IsInt()
  @Min(0)
  @Max(30)
  waitSeconds?: number;
}

export class AdjustmentBody {
  @CleanText(ID)
  categoryId: string;

  /** Its range is the category's. */
  @IsNumber()
  @Decimals(2)
  score: number;

  @CleanText(TEXT)
  reason: string;
}

/** W8. */
export class ReviewBody {
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(MOST)
  @Nested(() => AdjustmentBody, { each: true })
  adjustments?: AdjustmentBody[];

  @IsOptional()
  @CleanText(TEXT, 0)
  note?: string | null;

  @IsOptional()
  @IsIn(HUMAN_DECISIONS)
  decision?: HumanDecision | null;
}

export class EvidenceBody {
  @CleanText(ID)
  eventId: string;

  @CleanText(2000)
  quote: string;
}

export class CriterionScoreBody {
  @CleanText(ID)
  id: string;

  /** null: no score. Its range is the criterion's. */
  @IsOptional()
  @IsNumber()
  @Decimals(2)
  score: number | null;

  @IfGiven()
  @IsArray()
  @ArrayMaxSize(MOST)
  @Nested(() => EvidenceBody, { each: true })
  evidence?: EvidenceBody[];

  @IfGiven()
  @CleanText(TEXT, 0)
  rationale?: string;

  @IfGiven()
  @IsNumber()
  @Min(0)
  @Max(1)
  confidence?: number;
}

export class CategoryScoreBody {
  @CleanText(ID)
  categoryId: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST)
  @Nested(() => CriterionScoreBody, { each: true })
  subCriteria: CriterionScoreBody[];
}

export class FollowUpBody {
  @CleanText(ID)
  categoryId: string;

  @CleanText(TEXT)
  question: string;

  @CleanText(TEXT, 0)
  rationale: string;

  @CleanText(TEXT, 0)
  lookFor: string;
}

/** A score made elsewhere. */
export class BroughtScoreBody {
  /** The service's own name for it: posted again, it is the same. */
  @IfGiven()
  @IsString()
  @MaxLength(ID)
  id?: string;

  @IsOptional()
  @CleanText(ID)
  model?: string | null;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST)
  @Nested(() => CategoryScoreBody, { each: true })
  categories: CategoryScoreBody[];

  @IfGiven()
  @CleanText(LONG_TEXT, 0)
  summaryText?: string;

  @IfGiven()
  @CleanText(LONG_TEXT, 0)
  feedbackText?: string;

  @IfGiven()
  @IsArray()
  @ArrayMaxSize(MOST)
  @Nested(() => FollowUpBody, { each: true })
  followUpQuestions?: FollowUpBody[];
}

export class AgreementQuery {
  @IsString()
  @MaxLength(ID)
  assessmentId: string;
}
