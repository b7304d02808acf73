import type { ProjectableEvent, Projection, ReadStore, StoredBuild } from '#read-store';

/**
 * A new build of the same version from scratch, for whichever process projects it: that one finds it in the store, builds
 * it beside the live one and lets it take over. The one under way when there is one.
 */
export const askForRebuild = async (
  store: Pick<ReadStore, 'builds' | 'prepare'>,
  { name, version, collections }: Pick<Projection<ProjectableEvent>, 'name' | 'version' | 'collections'>,
): Promise<StoredBuild> => {
  const newest = (await store.builds()).findLast((build) => build.name === name && build.version === version);
  if (newest?.state === 'building') return newest;
  return store.prepare({ name, version, build: (newest?.build ?? 0) + 1 }, collections);
};
