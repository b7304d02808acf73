import { Injectable } from '@nestjs/common';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { derivedId } from '#platform';
import { CredentialClaims } from './credential-claims.js';
import { KeySecrets } from './key-secrets.js';
import { organizationAggregate } from './organization.aggregate.js';
import { createOrganization } from './organization.decider.js';
import { type OrganizationView, organizationView } from './organization.views.js';

export interface Founded {
  readonly organization: OrganizationView;
  /** False: the organization was there already and nothing was written; the key opens it if it is the one it was founded with. */
  readonly created: boolean;
  readonly key: string;
}

/** Founds organizations; each step may be repeated after a crash. */
@Injectable()
export class Founding {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly claims: CredentialClaims,
    private readonly secrets: KeySecrets,
  ) {}

  /** The organization and its owner key are one append: there is none without the other. */
  async found(
    context: CommandContext,
    wish: { orgId: string; name: string; ownerKey?: string | undefined },
  ): Promise<Founded> {
    const { orgId, name } = wish;
    const keyId = derivedId('api_key', orgId, 'owner');
    const key = wish.ownerKey ?? (await this.secrets.make(keyId));
    const ownerKey = await this.claims.claim(context, { orgId, keyId, key });
    const asked = { by: context.actor, at: context.receivedAt };
    const { answer, state } = await this.aggregates.change(
      organizationAggregate,
      streamName('organization', orgId),
      context,
      (before) => createOrganization(before, { name, ownerKey }, asked),
    );
    return { organization: organizationView(orgId, state), created: answer.created, key };
  }
}
