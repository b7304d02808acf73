import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsNumber, IsOptional, Max, Min } from 'class-validator';
import { SCORING_METHODS, type ScoringMethod } from '#scoring';
import { CleanText, Decimals, IfGiven, Nested } from '../http/index.js';

const POINTS = 10_000;
const TEXT = 5000;

export class SubCriterionBody {
  @CleanText(128)
  id: string;

  @CleanText()
  name: string;

  @IsNumber()
  @Decimals(3)
  @Min(0)
  @Max(POINTS)
  points: number;

  @IsOptional()
  @CleanText(TEXT, 0)
  description?: string | null;

  @IfGiven()
  @IsBoolean()
  enabled?: boolean;
}

export class CategoryBody {
  @CleanText(128)
  id: string;

  @CleanText()
  name: string;

  @IsNumber()
  @Decimals(3)
  @Min(0)
  @Max(POINTS)
  points: number;

  @IfGiven()
  @IsIn(SCORING_METHODS)
  scoringMethod?: ScoringMethod;

  @IfGiven()
  @IsArray()
  @ArrayMaxSize(50)
  @Nested(() => SubCriterionBody, { each: true })
  subCriteria?: SubCriterionBody[];
}

class RubricFieldsBody {
  @IfGiven()
  @IsNumber()
  @Decimals(3)
  @Min(1)
  @Max(POINTS)
  totalPoints?: number;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @Nested(() => CategoryBody, { each: true })
  categories: CategoryBody[];
}

/** V17. */
export class RubricBody extends RubricFieldsBody {
  @CleanText()
  name: string;
}

/** W13: a rubric of the assessment's own. */
export class ScoringRubricBody extends RubricFieldsBody {
  @IfGiven()
  @CleanText()
  name?: string;
}
