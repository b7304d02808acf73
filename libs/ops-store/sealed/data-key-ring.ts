import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { DataKey, DataKeys, Subject } from '#ops-store';
import { openBox, sealBox } from '#platform/sealed-box.js';
import type { MasterKeys } from './master-keys.js';
import type { KeyRecords, KeyRow } from './records.js';

const CACHED = 10_000;
const DESTROYED: DataKey = { state: 'destroyed' };

const boundTo = (subject: Subject): string => `data key\n${subject}`;

/**
 * Keys are opened once and remembered. Where other processes share the store (`trustMs`), a live key is believed for so
 * long after it was asked for, and a destruction is answered only after that time: from its answer on, no process opens
 * anything under the key, without one question to the database per event.
 */
export class DataKeyRing implements DataKeys {
  private readonly known = new LRUCache<Subject, DataKey>({ max: CACHED, ttlResolution: 0 });

  constructor(
    private readonly records: KeyRecords,
    private readonly master: MasterKeys,
    private readonly trustMs = 0,
  ) {}

  async obtain(subject: Subject): Promise<DataKey> {
    const known = this.known.get(subject);
    if (known) return known;
    const asked = performance.now();
    const proposed = sealBox(this.master.wrapping, randomBytes(32), boundTo(subject));
    return this.keep(subject, await this.records.obtainKey(subject, proposed), asked);
  }

  async find(subject: Subject): Promise<DataKey | undefined> {
    const known = this.known.get(subject);
    if (known) return known;
    const asked = performance.now();
    const row = await this.records.findKey(subject);
    return row && this.keep(subject, row, asked);
  }

  async destroy(subject: Subject): Promise<void> {
    if (this.known.get(subject) === DESTROYED) return;
    await this.records.destroyKey(subject);
    if (this.trustMs > 0) await wait(this.trustMs);
    this.known.set(subject, DESTROYED);
  }

  private keep(subject: Subject, row: KeyRow, asked: number): DataKey {
    // Whoever asked in the meantime: a destruction that was answered is not undone, and equal keys are one object.
    const known = this.known.get(subject);
    if (known) return known;
    const key: DataKey = row.wrapped
      ? { state: 'live', key: openBox(this.master.wrapping, row.wrapped, boundTo(subject)) }
      : DESTROYED;
    // 0 stands for ever, as a destroyed key does. (The cache counts from `start` by the same monotonic clock.)
    this.known.set(subject, key, { ttl: key.state === 'live' ? this.trustMs : 0, start: asked });
    return key;
  }
}
