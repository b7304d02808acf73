import { ArrayMaxSize, ArrayMinSize, IsArray, IsInt, IsOptional, Max, Min } from 'class-validator';
import { CleanText, IfGiven, IsoTime, JsonObject, Nested } from '../http/index.js';

const DAY_MINUTES = 1440;
const WEEK_SECONDS = 604_800;

/** W4. Items are judged one by one, not here: a malformed one must not keep the others out. */
export class EventsBody {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  events: unknown[];
}

/** A5. */
export class CheckpointBody {
  @JsonObject()
  deliverableState: Record<string, unknown>;
}

/** W5. */
export class SubmitBody {
  @IsOptional()
  @JsonObject()
  deliverableState?: Record<string, unknown> | null;
}

/** A4. */
export class AdvancePhaseBody extends SubmitBody {
  @IfGiven()
  @IsInt()
  @Min(0)
  @Max(WEEK_SECONDS)
  timeRemainingAtEnd?: number;

  /** The phase that is left: a retry that comes late is then refused instead of leaving the next one too. */
  @IfGiven()
  @IsInt()
  @Min(0)
  expectedPhaseIndex?: number;
}

export class ReopenBody {
  @IsInt()
  @Min(1)
  @Max(DAY_MINUTES)
  minutes: number;

  @CleanText(1000)
  reason: string;
}

/** W9. */
export class SessionChangesBody {
  /** null: back to the assessment's. */
  @IsOptional()
  @IsoTime()
  dueDate?: string | null;

  @IfGiven()
  @IsInt()
  @Min(1)
  @Max(DAY_MINUTES)
  addMinutes?: number;

  @IfGiven()
  @Nested(() => ReopenBody)
  reopen?: ReopenBody;
}

/** W9a. */
export class CancelBody {
  @CleanText(1000)
  reason: string;
}
