import { randomUUID } from 'node:crypto';
import type { DataKeys, IdempotencyRecords, IdempotencyStart, StoredAnswer, Subject } from '#ops-store';
import { openBox, sealBox } from '#platform/sealed-box.js';
import type { MasterKeys } from './master-keys.js';
import type { AnswerRecords, AnswerRow } from './records.js';

const KEPT_MS = 24 * 60 * 60 * 1000;

const boundTo = (id: string): string => `idempotent answer\n${id}`;

/**
 * Scope, key and fingerprint are words of a caller's choosing and are kept only as keyed hashes; an answer is sealed under
 * the key of whom it concerns, or under the store's own.
 */
export class SealedAnswers implements IdempotencyRecords {
  constructor(
    private readonly records: AnswerRecords,
    private readonly keys: DataKeys,
    private readonly master: MasterKeys,
  ) {}

  async begin(entry: Parameters<IdempotencyRecords['begin']>[0]): Promise<IdempotencyStart> {
    const { scope, key, now, lockUntil } = entry;
    const id = this.idOf(entry);
    const fingerprint = this.master.name('fingerprint', scope, key, entry.fingerprint);
    const token = randomUUID();
    const standing = await this.records.begin({ id, fingerprint, token, now, lockUntil });
    if (!standing) return { outcome: 'started', token };
    if (standing.fingerprint !== fingerprint) return { outcome: 'reused' };
    if (!standing.answer) return { outcome: 'in_use' };
    const answer = await this.open(id, standing);
    if (answer) return { outcome: 'answered', answer };
    // Whom it concerned was deleted a moment ago: the record goes too, and the request is a new one.
    await this.deleteFor(standing.subject as Subject);
    return this.begin(entry);
  }

  async finish(entry: Parameters<IdempotencyRecords['finish']>[0]): Promise<void> {
    const id = this.idOf(entry);
    const key = entry.subject ? await this.keys.obtain(entry.subject) : this.own;
    if (key.state === 'destroyed') return this.abandon(entry);
    const sealed = sealBox(key.key, JSON.stringify(entry.answer), boundTo(id));
    const expires = entry.now + KEPT_MS;
    await this.records.finish({ id, token: entry.token, answer: sealed, subject: entry.subject ?? null, expires });
  }

  abandon(entry: Parameters<IdempotencyRecords['abandon']>[0]): Promise<void> {
    return this.records.abandon(this.idOf(entry), entry.token);
  }

  deleteFor(subject: Subject): Promise<void> {
    return this.records.deleteFor(subject);
  }

  deleteExpired(now: number): Promise<number> {
    return this.records.deleteExpired(now);
  }

  private get own() {
    return { state: 'live', key: this.master.answers } as const;
  }

  private idOf({ scope, key }: { readonly scope: string; readonly key: string }): string {
    return this.master.name('idempotency', scope, key);
  }

  /** Undefined when its key was destroyed. */
  private async open(id: string, { subject, answer }: AnswerRow): Promise<StoredAnswer | undefined> {
    const key = subject === null ? this.own : await this.keys.find(subject as Subject);
    if (key?.state !== 'live') return undefined;
    return JSON.parse(openBox(key.key, answer as Uint8Array, boundTo(id)).toString()) as StoredAnswer;
  }
}
