import { Injectable } from '@nestjs/common';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { VerbatimError } from '#platform';
import { claimCredential, credentialAggregate } from './credential.aggregate.js';
import type { CredentialClaim } from './credential.events.js';
import { KeySecrets } from './key-secrets.js';
import type { MadeKey } from './organization.decider.js';

export interface KeyToClaim {
  readonly orgId: string;
  readonly keyId: string;
  readonly key: string;
}

/** Says to whom a credential belongs, once and for good. */
@Injectable()
export class CredentialClaims {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly secrets: KeySecrets,
  ) {}

  /**
   * Claimed before the fact that issues it, so that two organizations can never hold the same key. A claim that a crash
   * left behind is taken up again under the id it names.
   */
  async claim(context: CommandContext, { orgId, keyId, key }: KeyToClaim): Promise<MadeKey> {
    const credential = this.credentialOf(key);
    const answer = await this.take(context, key, { kind: 'api_key', orgId, keyId });
    if (answer.kind !== 'api_key' || answer.orgId !== orgId)
      throw new VerbatimError('invalid_request', 'This key belongs to another organization: choose another one.');
    return { keyId: answer.keyId, keyPrefix: this.secrets.prefixOf(key), credential };
  }

  /** Names the stream of a key, and stands for it wherever the key itself may not. */
  credentialOf(key: string): string {
    return this.secrets.credentialOf(key);
  }

  /** Claims a key of any kind. Answers whose it is afterwards. */
  async take(context: CommandContext, key: string, wanted: CredentialClaim): Promise<CredentialClaim> {
    const stream = this.stream(this.credentialOf(key));
    return (
      await this.aggregates.change(credentialAggregate, stream, context, (state) => claimCredential(state, wanted))
    ).answer;
  }

  async find(credential: string): Promise<CredentialClaim | undefined> {
    return (await this.aggregates.load(credentialAggregate, this.stream(credential))).state.claim;
  }

  private stream(credential: string): string {
    return streamName(credentialAggregate.category, credential);
  }
}
