import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReadStore } from '#read-store';
import { describeBuilds } from './builds.js';
import { describeDocuments } from './documents.js';
import { Given } from './given.js';
import { describeQueries } from './queries.js';

export interface StoreUnderTest {
  readonly store: ReadStore;
  /** Frees what the store was made on. */
  dispose(): Promise<void>;
}

/** The rules of the read store's port; every implementation runs them. */
export const describeReadStoreContract = (name: string, make: () => Promise<StoreUnderTest>): void => {
  describe(`${name} keeps the rules of a read store`, () => {
    let made: StoreUnderTest;
    const given = new Given(() => made.store);

    beforeAll(async () => {
      made = await make();
    });
    afterAll(async () => {
      await made.store.close();
      await made.dispose();
    });

    describeBuilds(given);
    describeDocuments(given);
    describeQueries(given);

    it('answers nothing after it was closed', async () => {
      const other = await make();
      await other.store.close();
      await expect(other.store.builds()).rejects.toMatchObject({ code: 'unavailable' });
      await other.dispose();
    });
  });
};
