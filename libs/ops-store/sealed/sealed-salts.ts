import { randomBytes } from 'node:crypto';
import type { Salts } from '#ops-store';
import { openBox, sealBox } from '#platform/sealed-box.js';
import type { MasterKeys } from './master-keys.js';
import type { SaltRecords } from './records.js';

export class SealedSalts implements Salts {
  constructor(
    private readonly records: SaltRecords,
    private readonly master: MasterKeys,
  ) {}

  async obtain(name: string): Promise<Buffer> {
    const bound = `salt\n${name}`;
    const proposed = sealBox(this.master.wrapping, randomBytes(32), bound);
    return openBox(this.master.wrapping, await this.records.obtainSalt(name, proposed), bound);
  }
}
