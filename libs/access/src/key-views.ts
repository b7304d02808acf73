import { Injectable } from '@nestjs/common';
import { Candidates } from '#candidates';
import { AggregateStore } from '#event-sourcing';
import { Clock } from '#platform';
import { accessAggregate, type CandidateKey } from './access.aggregate.js';
import { isExpired } from './access.decider.js';
import { accessStream, sessionOfKey } from './key-ids.js';
import { KeyVault } from './key-vault.js';
import type { KeyEntry } from './projections/key-list.projection.js';

/** A key as callers of V5, V6 and V9 see it. */
export interface KeyView {
  readonly id: string;
  /** Null for whoever may not give keys out, and once its candidate was erased. */
  readonly key: string | null;
  readonly status: 'pending' | 'active' | 'completed' | 'hired' | 'expired';
  readonly candidateEmail: string | null;
  readonly candidateName: string | null;
  readonly sessionId: string | null;
  readonly expiresAt: string;
  readonly redeemedAt: string | null;
  readonly completedAt: string | null;
}

export interface KeyReader {
  /** Names and e-mail addresses. */
  readonly names: boolean;
  /** The keys themselves: credentials, for whoever may give them out (D18). */
  readonly keys: boolean;
}

/** What of a key's row is shown. */
export type Viewable = Pick<
  KeyEntry,
  'assessmentId' | 'keyId' | 'candidateId' | 'stage' | 'expiresAt' | 'redeemedAt' | 'completedAt'
>;

/** A key whose session nobody looked at. */
export const viewable = (assessmentId: string, key: CandidateKey): Viewable => ({
  assessmentId,
  keyId: key.keyId,
  candidateId: key.candidateId,
  stage: key.redeemedAt === null ? 'pending' : 'active',
  expiresAt: key.expiresAt,
  redeemedAt: key.redeemedAt,
  completedAt: null,
});

/** Joins names and the keys' text when they are shown: no read model holds them. */
@Injectable()
export class KeyViews {
  constructor(
    private readonly aggregates: AggregateStore,
    private readonly candidates: Candidates,
    private readonly vault: KeyVault,
    private readonly clock: Clock,
  ) {}

  async of(orgId: string, keys: readonly Viewable[], reader: KeyReader): Promise<readonly KeyView[]> {
    const now = this.clock.now();
    const [profiles, texts] = await Promise.all([
      this.candidates.profiles(orgId, reader.names ? keys.map(({ candidateId }) => candidateId) : []),
      reader.keys ? this.texts(orgId, keys) : new Map<string, string | null>(),
    ]);
    return keys.map((key) => ({
      id: key.keyId,
      key: texts.get(key.keyId) ?? null,
      status: key.redeemedAt === null && isExpired(key, now) ? 'expired' : key.stage,
      candidateEmail: profiles.get(key.candidateId)?.email ?? null,
      candidateName: profiles.get(key.candidateId)?.name ?? null,
      sessionId: key.redeemedAt === null ? null : sessionOfKey(orgId, key.keyId),
      expiresAt: key.expiresAt,
      redeemedAt: key.redeemedAt,
      completedAt: key.completedAt,
    }));
  }

  private async texts(orgId: string, keys: readonly Viewable[]): Promise<Map<string, string | null>> {
    const assessmentIds = [...new Set(keys.map(({ assessmentId }) => assessmentId))];
    const loaded = await Promise.all(
      assessmentIds.map((id) => this.aggregates.load(accessAggregate, accessStream(orgId, id))),
    );
    const access = new Map(assessmentIds.map((id, at) => [id, loaded[at]!.state.keys]));
    const opened = keys.map(async ({ assessmentId, keyId }): Promise<[string, string | null]> => {
      const key = access.get(assessmentId)?.get(keyId);
      return [keyId, key ? await this.vault.open(key) : null];
    });
    return new Map(await Promise.all(opened));
  }
}
