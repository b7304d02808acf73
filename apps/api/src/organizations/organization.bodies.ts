import { IsBoolean, IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { SUBSCRIPTIONS, type Subscription } from '#organizations';
import { ROLES, type Role } from '#platform';
import { CleanText, IfGiven, IsoTime } from '../http/index.js';

export class NewOrganizationBody {
  @CleanText()
  name: string;
}

export class OrganizationBody {
  @IfGiven()
  @CleanText()
  name?: string;

  @IfGiven()
  @IsIn(SUBSCRIPTIONS)
  subscription?: Subscription;

  /** Null: without limit. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  monthlyAssessmentQuota?: number | null;
}

export class NewApiKeyBody {
  @CleanText()
  name: string;

  /** Left out: admin. */
  @IfGiven()
  @IsIn(ROLES)
  role?: Role;

  @IsOptional()
  @IsoTime()
  expiresAt?: string | null;

  /** An auditor's key that sees names and e-mails. */
  @IfGiven()
  @IsBoolean()
  pii?: boolean;
}
