/**
 * Operational state: true like the log, backed up with it, never rebuilt. Small records by key, each write durable before
 * it is answered. It knows nothing of the business: subjects, scopes and names are words to it.
 */

/** Whose data key: `session:<id>`, `candidate:<id>`, `organization:<id>`. */
export type Subject = `${'session' | 'candidate' | 'organization'}:${string}`;

/** A 256-bit data key, opened; or that it was destroyed, which is for ever. */
export type DataKey = { readonly state: 'live'; readonly key: Buffer } | { readonly state: 'destroyed' };

export interface DataKeys {
  /** The subject's key, made when there is none; two at once get the same one. A destroyed key is never made again. */
  obtain(subject: Subject): Promise<DataKey>;
  /** Undefined when none was ever made. */
  find(subject: Subject): Promise<DataKey | undefined>;
  /** From the answer on, nothing sealed under the subject can be opened, here or from a backup of the log. Repeatable. */
  destroy(subject: Subject): Promise<void>;
}

export interface ArtifactRef {
  /** Random uuid, or the caller's own stable id. */
  readonly artifactId: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Blobs, sealed under their subject's key, stored under their subject. */
export interface Artifacts {
  /** Durable (file and directory synced) before it answers. The same content under the same subject is stored once. */
  put(subject: Subject, content: Uint8Array): Promise<ArtifactRef>;
  /** Undefined when absent or its key was destroyed. Throws when the content does not match its hash. */
  get(subject: Subject, artifactId: string): Promise<Buffer | undefined>;
  /** Every artifact of the subject. Repeatable. */
  deleteAll(subject: Subject): Promise<void>;
}

export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type IdempotencyStart =
  | { readonly outcome: 'started'; readonly token: string }
  /** The same key, the same request, answered before. */
  | { readonly outcome: 'answered'; readonly answer: StoredAnswer }
  /** The same key is being worked on right now. */
  | { readonly outcome: 'in_use' }
  /** The same key was used for another request. */
  | { readonly outcome: 'reused' };

/** Answers to requests with an `Idempotency-Key`, kept 24 h, bodies sealed. */
export interface IdempotencyRecords {
  /**
   * @param scope organization and credential and route, so that keys of different callers never meet
   * @param lockUntil when a start by a process that died may be taken over (ms since 1970)
   */
  begin(entry: {
    scope: string;
    key: string;
    fingerprint: string;
    now: number;
    lockUntil: number;
  }): Promise<IdempotencyStart>;
  /** Keeps the answer. `subject` is whom the body concerns, so that a deletion takes it along. */
  finish(entry: {
    scope: string;
    key: string;
    token: string;
    answer: StoredAnswer;
    now: number;
    subject?: Subject;
  }): Promise<void>;
  /** Frees the key: the request failed validation or broke off. */
  abandon(entry: { scope: string; key: string; token: string }): Promise<void>;
  deleteFor(subject: Subject): Promise<void>;
  deleteExpired(now: number): Promise<number>;
}

/** Positions of policies and consumers. Projections keep theirs in the read store, with their documents. */
export interface Checkpoints {
  load(name: string): Promise<bigint | undefined>;
  /** Never moves backwards. */
  save(name: string, position: bigint): Promise<void>;
}

/** When a credential was last used; written at most once a minute per credential, lost on a crash without harm. */
export interface LastUse {
  touch(id: string, at: number): void;
  find(ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

export type DeliveryState = 'pending' | 'sent' | 'kept' | 'failed';

/** Where a delivery goes that others go to as well. */
export interface DeliveryQueue {
  /** Deliveries to one target are listed together, and no target waits for another. */
  readonly target: string;
  /** Deliveries of one lane go one after the other: a pending one holds back those after it, and nothing else. */
  readonly lane: string;
  /** Order in the lane, as text. */
  readonly place: string;
}

/** A mail or a call on its way: references only, rendered when sent. Ids follow from the event that asked for it. */
export interface Delivery {
  readonly id: string;
  readonly orgId: string;
  readonly kind: string;
  /** Whom it concerns; deleted with it. */
  readonly subject: Subject;
  /** Ids to render from. No names, no addresses. */
  readonly refs: Readonly<Record<string, string>>;
  /** Null: it goes by itself. */
  readonly queue: DeliveryQueue | null;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Not before (ms since 1970). */
  readonly nextAttemptAt: number;
  readonly createdAt: number;
  readonly sentAt: number | null;
  /** Short reason of the last failure, without addresses or content. */
  readonly lastError: string | null;
}

export interface DeliveryPage {
  readonly limit: number;
  readonly offset: number;
  /** Only those that stand behind this one, which may be gone by now. */
  readonly after?: Pick<Delivery, 'createdAt' | 'id'>;
  readonly target?: string;
  readonly state?: DeliveryState;
}

export interface Deliveries {
  /** True when it was not there before. A known id changes nothing. */
  add(delivery: Delivery): Promise<boolean>;
  update(
    id: string,
    change: Partial<Pick<Delivery, 'state' | 'attempts' | 'nextAttemptAt' | 'sentAt' | 'lastError'>>,
  ): Promise<void>;
  /** Pending and due, the longest due first, of those without a queue; with `target`, of those that go there. */
  due(now: number, limit: number, target?: string): Promise<readonly Delivery[]>;
  /** Where something pending is due to go, in no order. */
  dueTargets(now: number, limit: number): Promise<readonly string[]>;
  /** The pending delivery of the lane that goes before its others, due or not. */
  headOf(lane: string): Promise<Delivery | undefined>;
  find(id: string): Promise<Delivery | undefined>;
  /** Newest first: of those without a queue; with `target`, of those that go there. `total` is of all pages. */
  list(orgId: string, page: DeliveryPage): Promise<{ deliveries: readonly Delivery[]; total: number }>;
  deleteFor(subject: Subject): Promise<void>;
}

/** Per-organization secrets that are no data key, e.g. the salt of the e-mail claim. Wrapped like data keys. */
export interface Salts {
  /** 32 bytes, made when there are none; two at once get the same. */
  obtain(name: string): Promise<Buffer>;
}

/** Failed tries by whoever made them (an address, say), so that every process knows of all. */
export interface Failures {
  note(who: string, at: number, expires: number): Promise<void>;
  /** Moments after `after`, in order. */
  since(who: string, after: number): Promise<readonly number[]>;
  /** How many. */
  deleteExpired(now: number): Promise<number>;
}

export interface Leases {
  /** True while `holder` has the lease until `now + ttlMs` by the database's clock. */
  acquire(name: string, holder: string, ttlMs: number): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
}

export abstract class OpsStore {
  abstract readonly keys: DataKeys;
  abstract readonly artifacts: Artifacts;
  abstract readonly idempotency: IdempotencyRecords;
  abstract readonly checkpoints: Checkpoints;
  abstract readonly lastUse: LastUse;
  abstract readonly deliveries: Deliveries;
  abstract readonly salts: Salts;
  abstract readonly leases: Leases;
  abstract readonly failures: Failures;
  /** After a deletion: nothing of what was deleted is left in files, free pages or write-ahead logs. */
  abstract purgeFreeSpace(): Promise<void>;
  abstract close(): Promise<void>;
}
