import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AggregateStore } from '#event-sourcing';
import { type CredentialClaim, CredentialClaims } from '#organizations';
import { type CandidatePrincipal, Clock } from '#platform';
import { accessAggregate, type CandidateKey } from './access.aggregate.js';
import { invalidKey, usableKey } from './access.decider.js';
import { accessStream, sessionOfKey } from './key-ids.js';
import { canonicalKey } from './key-text.js';
import { KeyVault } from './key-vault.js';

export interface KeyBearer extends CandidatePrincipal {
  readonly keyId: string;
  readonly assessmentId: string;
}

/** Where a look-up leads that has found nothing, so that it takes the steps of one that has. */
const NOWHERE: CredentialClaim = { kind: 'candidate_key', orgId: 'nobody', keyId: 'none', assessmentId: 'none' };

/** Finds whose a candidate's key is: key -> HMAC -> credential stream -> the access of its assessment. */
@Injectable()
export class CandidateKeys {
  /** Claims never change; whether their keys still hold is read each time. */
  private readonly claimed = new LRUCache<string, CredentialClaim>({ max: 10_000 });

  constructor(
    private readonly aggregates: AggregateStore,
    private readonly claims: CredentialClaims,
    private readonly vault: KeyVault,
    private readonly clock: Clock,
  ) {}

  /**
   * Looked up on every request: a revoked key holds no more, an expired one only for the session it has begun.
   * @throws VerbatimError invalid_key
   */
  async resolve(given: string): Promise<KeyBearer> {
    const credential = this.claims.credentialOf(canonicalKey(given) ?? given);
    const { orgId, keyId, assessmentId = '' } = await this.claimOf(credential);
    const { state } = await this.aggregates.load(accessAggregate, accessStream(orgId, assessmentId));
    // A claim alone means nothing: this very credential must have been issued under that id.
    if (usableKey(state, keyId, this.clock.now()).credential !== credential) throw invalidKey();
    return { kind: 'candidate', orgId, sessionId: sessionOfKey(orgId, keyId), keyId, assessmentId };
  }

  /** A key with its text, for who writes to its candidate; undefined when there is none. */
  async find(
    orgId: string,
    assessmentId: string,
    keyId: string,
  ): Promise<{ readonly key: CandidateKey; readonly text: string | null } | undefined> {
    const { state } = await this.aggregates.load(accessAggregate, accessStream(orgId, assessmentId));
    const key = state.keys.get(keyId);
    return key && { key, text: await this.vault.open(key) };
  }

  private async claimOf(credential: string): Promise<CredentialClaim> {
    const known = this.claimed.get(credential) ?? (await this.claims.find(credential));
    if (known?.kind !== 'candidate_key') return NOWHERE;
    this.claimed.set(credential, known);
    return known;
  }
}
