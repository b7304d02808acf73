import { Injectable } from '@nestjs/common';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { Ids, VerbatimError } from '#platform';
import { claimCredential, credentialAggregate } from './credential.aggregate.js';
import { KeySecrets } from './key-secrets.js';
import { organizationAggregate } from './organization.aggregate.js';
import { createOrganization, type MadeKey } from './organization.decider.js';

export interface Founded {
  readonly orgId: string;
  /** False: the organization was there already, nothing was written and the key opens nothing. */
  readonly created: boolean;
  readonly key: string;
}

/** Claims credentials and founds organizations; each step may be repeated after a crash. */
@Injectable()
export class Founding {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly secrets: KeySecrets,
    private readonly ids: Ids,
  ) {}

  /** The organization and its owner key are one append: there is none without the other. */
  async found(
    context: CommandContext,
    wish: { orgId: string; name: string; ownerKey?: string | undefined },
  ): Promise<Founded> {
    const key = wish.ownerKey ?? this.secrets.make();
    const ownerKey = await this.claim(context, wish.orgId, key);
    const asked = { by: context.actor, at: context.receivedAt };
    const { answer } = await this.aggregates.change(
      organizationAggregate,
      streamName('organization', wish.orgId),
      context,
      (state) => createOrganization(state, { name: wish.name, ownerKey }, asked),
    );
    return { orgId: wish.orgId, created: answer.created, key };
  }

  /**
   * Claimed before the fact that issues it, so that two organizations can never hold the same key. A claim that a crash
   * left behind is taken up again under the id it names.
   */
  async claim(context: CommandContext, orgId: string, key: string): Promise<MadeKey> {
    const credential = this.secrets.credentialOf(key);
    const wanted = { kind: 'api_key', orgId, keyId: this.ids.next() } as const;
    const { answer } = await this.aggregates.change(
      credentialAggregate,
      streamName('credential', credential),
      context,
      (state) => claimCredential(state, wanted),
    );
    if (answer.kind !== 'api_key' || answer.orgId !== orgId)
      throw new VerbatimError('invalid_request', 'This key belongs to another organization: choose another one.');
    return { keyId: answer.keyId, keyPrefix: this.secrets.prefixOf(key), credential };
  }
}
