import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { ASSESSMENT_BOUNDS, DELIVERABLE_TYPES, type DeliverableType } from '#assessments';
import { CleanText, IfGiven, IsoTime, JsonObject, Nested } from '../http/index.js';
import { ScoringRubricBody } from '../scoring/rubric.bodies.js';

const { minutes, nameLength, textLength, phases, feedbackDelayHours } = ASSESSMENT_BOUNDS;

export class PhaseBody {
  @CleanText(nameLength)
  name: string;

  @IsOptional()
  @CleanText(textLength, 0)
  brief?: string | null;

  @IsInt()
  @Min(1)
  @Max(minutes)
  timeMinutes: number;
}

export class CandidatePermissionsBody {
  @IfGiven()
  @IsBoolean()
  can_browse_connector_documents?: boolean;

  @IfGiven()
  @IsBoolean()
  can_add_custom_connectors?: boolean;

  @IfGiven()
  @IsBoolean()
  can_add_skills?: boolean;

  @IfGiven()
  @IsBoolean()
  can_edit_agents_md?: boolean;

  @IfGiven()
  @IsBoolean()
  can_add_memory?: boolean;
}

/** Where null is allowed it clears the field. */
class AssessmentBody {
  @IsOptional()
  @CleanText(nameLength)
  role?: string | null;

  @IsOptional()
  @CleanText(textLength, 0)
  taskPrompt?: string | null;

  @IsOptional()
  @IsIn(DELIVERABLE_TYPES)
  deliverableType?: DeliverableType | null;

  /** 0: no setup phase. */
  @IfGiven()
  @IsInt()
  @Min(0)
  @Max(minutes)
  setupTimeMinutes?: number;

  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(minutes)
  taskTimeMinutes?: number;

  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(phases)
  @Nested(() => PhaseBody, { each: true })
  phases?: PhaseBody[] | null;

  @IsOptional()
  @IsoTime()
  dueDate?: string | null;

  /** null: back to the default. */
  @IsOptional()
  @Nested(() => ScoringRubricBody)
  scoringRubric?: ScoringRubricBody | null;

  @IfGiven()
  @JsonObject()
  @Nested(() => CandidatePermissionsBody)
  candidatePermissions?: CandidatePermissionsBody;

  @IsOptional()
  @JsonObject()
  connectorConfig?: Record<string, unknown> | null;

  @IfGiven()
  @IsBoolean()
  autoScore?: boolean;

  @IfGiven()
  @IsBoolean()
  sendFeedback?: boolean;

  @IfGiven()
  @IsInt()
  @Min(0)
  @Max(feedbackDelayHours)
  feedbackDelayHours?: number;

  @IfGiven()
  @IsBoolean()
  isActive?: boolean;
}

export class NewAssessmentBody extends AssessmentBody {
  @CleanText(nameLength)
  name: string;
}

/** What is left out stays as it is. */
export class AssessmentChangesBody extends AssessmentBody {
  @IfGiven()
  @CleanText(nameLength)
  name?: string;
}
