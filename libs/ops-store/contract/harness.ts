import { afterEach } from '@jest/globals';
import type { OpsStore } from '#ops-store';

export interface OpsStoreHarness {
  /** Opens the store; the second time with what the first left, if it is one that keeps. */
  open(secret?: string): Promise<OpsStore>;
  /** After every store that was opened is closed. */
  cleanUp(): Promise<void>;
}

export type MakeHarness = () => OpsStoreHarness;

/** `open()` for each test, closed and cleaned up after it. */
export const storesFor = (make: MakeHarness) => {
  let harness: OpsStoreHarness | undefined;
  let opened: OpsStore[] = [];
  afterEach(async () => {
    await Promise.all(opened.map((store) => store.close()));
    await harness?.cleanUp();
    opened = [];
    harness = undefined;
  });
  return async (secret?: string): Promise<OpsStore> => {
    harness ??= make();
    const store = await harness.open(secret);
    opened.push(store);
    return store;
  };
};

export type OpenStore = ReturnType<typeof storesFor>;
