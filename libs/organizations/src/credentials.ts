import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AggregateStore, streamName } from '#event-sourcing';
import { OpsStore } from '#ops-store';
import { Clock, type KeyPrincipal, VerbatimError } from '#platform';
import { CredentialClaims } from './credential-claims.js';
import { KeySecrets } from './key-secrets.js';
import { type ApiKey, organizationAggregate } from './organization.aggregate.js';
import { isUsable } from './organization.decider.js';

interface KnownKey {
  readonly orgId: string;
  readonly key: ApiKey;
}

/** How long a revocation by another process may stay unseen here; one by this process is seen at once. */
const FRESH_MS = 5_000;

/** Finds who an API key belongs to: key -> HMAC -> credential stream -> organization. */
@Injectable()
export class Credentials {
  private readonly known = new LRUCache<string, KnownKey>({ max: 10_000, ttl: FRESH_MS });
  /** Counts revocations, so that a look-up begun before one is not kept after it. */
  private revocations = 0;

  constructor(
    private readonly aggregates: AggregateStore,
    private readonly claims: CredentialClaims,
    private readonly secrets: KeySecrets,
    private readonly ops: OpsStore,
    private readonly clock: Clock,
  ) {}

  /** @throws VerbatimError invalid_api_key | key_revoked | key_expired */
  async resolve(secret: string): Promise<KeyPrincipal> {
    if (!this.secrets.isShaped(secret)) throw unknownKey();
    const { orgId, key } = await this.find(this.secrets.credentialOf(secret));
    const now = this.clock.now();
    if (key.revokedAt !== null) throw new VerbatimError('key_revoked', 'This API key was revoked.');
    if (!isUsable(key, now)) throw new VerbatimError('key_expired', `This API key expired at ${key.expiresAt}.`);
    this.ops.lastUse.touch(key.keyId, now);
    return { kind: 'key', orgId, keyId: key.keyId, name: key.name, role: key.role, pii: key.pii };
  }

  /** What is known of keys is looked up again: called when one was revoked, before that is answered. */
  forget(): void {
    this.revocations += 1;
    this.known.clear();
  }

  private async find(credential: string): Promise<KnownKey> {
    const cached = this.known.get(credential);
    if (cached) return cached;
    const seen = this.revocations;
    const claim = await this.claims.find(credential);
    if (claim?.kind !== 'api_key') throw unknownKey();
    const organization = await this.aggregates.load(organizationAggregate, streamName('organization', claim.orgId));
    const key = organization.state.keys.get(claim.keyId);
    // A claim alone means nothing: the organization must have issued this very credential under that id.
    if (key?.credential !== credential) throw unknownKey();
    const found = { orgId: claim.orgId, key };
    if (seen === this.revocations) this.known.set(credential, found);
    return found;
  }
}

const unknownKey = (): VerbatimError => new VerbatimError('invalid_api_key', 'This API key is not known here.');
