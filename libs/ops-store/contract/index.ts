import { describe, expect, it } from '@jest/globals';
import { describeArtifacts } from './artifacts.contract.js';
import { describeDataKeys } from './data-keys.contract.js';
import { describeDeliveries } from './deliveries.contract.js';
import { describeDurability } from './durability.contract.js';
import { describeFailures } from './failures.contract.js';
import { type MakeHarness, storesFor } from './harness.js';
import { describeIdempotency } from './idempotency.contract.js';
import { describeRecords } from './records.contract.js';

export type { MakeHarness, OpsStoreHarness } from './harness.js';

/** Every promise of the port, for each implementation. `keeps`: what it was told outlives the process. */
export const describeOpsStoreContract = (name: string, make: MakeHarness, { keeps }: { keeps: boolean }): void => {
  describe(`${name} keeps the operational store's promises`, () => {
    const open = storesFor(make);
    describeDataKeys(open);
    describeArtifacts(open);
    describeIdempotency(open);
    describeRecords(open);
    describeDeliveries(open);
    describeFailures(open);
    if (keeps) describeDurability(open);

    it('purges as often as it is asked, and closes twice', async () => {
      const store = await open();
      await store.purgeFreeSpace();
      await store.keys.destroy('session:gone');
      await store.purgeFreeSpace();
      await store.close();
      await expect(store.keys.obtain('session:new')).rejects.toMatchObject({ code: 'storage_unavailable' });
      await store.close();
    });
  });
};
