/**
 * What the sealing parts ask of an engine: rows by key, durable before each answers. Engines keep boxes and opaque names;
 * they never see a key, an answer or an artifact opened.
 */

/** `wrapped` null: destroyed, for ever. */
export interface KeyRow {
  readonly wrapped: Uint8Array | null;
}

export interface KeyRecords {
  findKey(subject: string): Promise<KeyRow | undefined>;
  /** The row that stands, which is the one proposed only when there was none; two at once get the same. */
  obtainKey(subject: string, proposed: Uint8Array): Promise<KeyRow>;
  /** Also for a subject that has none yet: it must not get one later. */
  destroyKey(subject: string): Promise<void>;
}

export interface SaltRecords {
  /** What stands; two at once get the same. */
  obtainSalt(name: string, proposed: Uint8Array): Promise<Uint8Array>;
}

export interface AnswerRow {
  readonly fingerprint: string;
  readonly subject: string | null;
  /** Null while the request is being worked on. */
  readonly answer: Uint8Array | null;
}

export interface BeginEntry {
  readonly id: string;
  readonly fingerprint: string;
  readonly token: string;
  readonly now: number;
  readonly lockUntil: number;
}

export interface FinishEntry {
  readonly id: string;
  readonly token: string;
  readonly answer: Uint8Array;
  readonly subject: string | null;
  readonly expires: number;
}

export interface AnswerRecords {
  /** Undefined: it was free, or what stood had lapsed, and is `token`'s now. Otherwise what stands. */
  begin(entry: BeginEntry): Promise<AnswerRow | undefined>;
  /** Changes nothing when the lock lapsed and another request has taken it over. */
  finish(entry: FinishEntry): Promise<void>;
  abandon(id: string, token: string): Promise<void>;
  deleteFor(subject: string): Promise<void>;
  /** How many. */
  deleteExpired(now: number): Promise<number>;
}

export interface LastUseRecords {
  /** An earlier moment than what stands changes nothing. */
  saveLastUse(id: string, at: number): Promise<void>;
  findLastUse(ids: readonly string[]): Promise<readonly (readonly [id: string, at: number])[]>;
}

export interface FailureRecords {
  noteFailure(name: string, at: number, expires: number): Promise<void>;
  failuresSince(name: string, after: number): Promise<readonly number[]>;
  /** How many. */
  deleteExpiredFailures(now: number): Promise<number>;
}

/** Blobs by folder and name; both are hex or uuids, so they are safe in any file system and in any key. */
export interface Blobs {
  has(folder: string, name: string): Promise<boolean>;
  /** Durable when it answers. */
  write(folder: string, name: string, content: Uint8Array): Promise<void>;
  read(folder: string, name: string): Promise<Buffer | undefined>;
  removeFolder(folder: string): Promise<void>;
}
