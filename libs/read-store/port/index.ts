export {
  type Collection,
  type CollectionSpec,
  type Condition,
  defineCollection,
  type FieldType,
  type Filter,
  type Found,
  type Page,
  type Query,
  type Scalar,
  sameFields,
} from './collections.js';
export { ConcurrentProjectionError, ReadStoreError, type ReadStoreErrorCode } from './errors.js';
export { type ListAnswer, type ListRequest, newestFirst } from './newest-first.js';
export type { DocumentRef, Documents, ProjectableEvent, Projection } from './projection.js';
export { ReadModels, type ReadOptions } from './read-models.js';
export {
  type BuildState,
  type DocumentWrite,
  type ProjectionBuild,
  type Quarantine,
  ReadStore,
  type StoredBuild,
  type StoredDocument,
} from './read-store.js';
