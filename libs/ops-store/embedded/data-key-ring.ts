import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { DataKey, DataKeys, Subject } from '#ops-store';
import { openBox, sealBox } from '#platform/sealed-box.js';
import type { MasterKeys } from './master-keys.js';
import type { OpsDatabase } from './ops-database.js';
import type { KeyRow } from './worker/key-methods.js';

const CACHED = 10_000;
const DESTROYED: DataKey = { state: 'destroyed' };

const boundTo = (subject: Subject): string => `data key\n${subject}`;

export class DataKeyRing implements DataKeys {
  private readonly known = new LRUCache<Subject, DataKey>({ max: CACHED });

  constructor(
    private readonly database: OpsDatabase,
    private readonly master: MasterKeys,
  ) {}

  async obtain(subject: Subject): Promise<DataKey> {
    const known = this.known.get(subject);
    if (known) return known;
    const proposed = sealBox(this.master.wrapping, randomBytes(32), boundTo(subject));
    return this.keep(subject, await this.database.ask('obtainKey', subject, proposed));
  }

  async find(subject: Subject): Promise<DataKey | undefined> {
    const known = this.known.get(subject);
    if (known) return known;
    const row = await this.database.ask('findKey', subject);
    return row && this.keep(subject, row);
  }

  async destroy(subject: Subject): Promise<void> {
    await this.database.ask('destroyKey', subject);
    this.known.set(subject, DESTROYED);
  }

  private keep(subject: Subject, row: KeyRow): DataKey {
    // Whoever asked in the meantime: a destruction that was answered is not undone, and equal keys are one object.
    const known = this.known.get(subject);
    if (known) return known;
    const key: DataKey = row?.wrapped
      ? { state: 'live', key: openBox(this.master.wrapping, row.wrapped, boundTo(subject)) }
      : DESTROYED;
    this.known.set(subject, key);
    return key;
  }
}
