export {
  type Collection,
  type CollectionSpec,
  type Condition,
  defineCollection,
  type FieldType,
  type Filter,
  type Page,
  type Query,
  type Scalar,
} from './collections.js';
export { type ListAnswer, type ListRequest, newestFirst } from './newest-first.js';
export type { DocumentRef, Documents, ProjectableEvent, Projection } from './projection.js';
export {
  ConcurrentProjectionError,
  type DocumentWrite,
  type ProjectionState,
  type ProjectionVersion,
  ReadModels,
  type ReadOptions,
  ReadStore,
  type StoredDocument,
} from './read-store.js';
