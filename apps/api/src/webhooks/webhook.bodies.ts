import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsOptional } from 'class-validator';
import { WEBHOOK_EVENTS, type WebhookEvent } from '#webhooks';
import { CleanText, IfGiven, PageQuery } from '../http/index.js';

const URL_LENGTH = 2048;
const STATES = ['pending', 'sent', 'failed'] as const;

export class NewWebhookBody {
  @CleanText(URL_LENGTH)
  url: string;

  /** Left out: all of them. */
  @IfGiven()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsIn(WEBHOOK_EVENTS, { each: true })
  events?: WebhookEvent[];

  @IsOptional()
  @CleanText(255, 0)
  description?: string | null;
}

export class WebhookChangesBody {
  @IfGiven()
  @CleanText(URL_LENGTH)
  url?: string;

  @IfGiven()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @IsIn(WEBHOOK_EVENTS, { each: true })
  events?: WebhookEvent[];

  @IsOptional()
  @CleanText(255, 0)
  description?: string | null;

  @IfGiven()
  @IsBoolean()
  isActive?: boolean;
}

export class DeliveriesQuery extends PageQuery {
  @IfGiven()
  @IsIn(STATES)
  state?: (typeof STATES)[number];
}
