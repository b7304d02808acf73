import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { VerbatimConfig } from '#platform';
import { type Webhook } from './webhook.aggregate.js';
import { signingVersions } from './webhook.decider.js';

const PREFIX = 'whsec_';

/**
 * A webhook's secret follows from VERBATIM_SECRET, the webhook and a version: it is shown once and stands nowhere, not even
 * sealed. The words in front keep it apart from whatever else the secret signs.
 */
@Injectable()
export class WebhookSecrets {
  constructor(private readonly config: VerbatimConfig) {}

  of(orgId: string, webhookId: string, version: number): string {
    return PREFIX + this.keyOf(orgId, webhookId, version).toString('base64');
  }

  /** Standard Webhooks: `v1,<base64>` for each secret that is valid now, separated by blanks. */
  sign(orgId: string, webhook: Webhook, message: { id: string; timestamp: number; body: string }, now: number): string {
    const signed = `${message.id}.${message.timestamp}.${message.body}`;
    return signingVersions(webhook, now)
      .map((version) =>
        createHmac('sha256', this.keyOf(orgId, webhook.id, version))
          .update(signed)
          .digest('base64'),
      )
      .map((signature) => `v1,${signature}`)
      .join(' ');
  }

  private keyOf(orgId: string, webhookId: string, version: number): Buffer {
    const name = ['webhook secret', orgId, webhookId, version].join('\0');
    return createHmac('sha256', this.config.secret).update(name).digest();
  }
}
