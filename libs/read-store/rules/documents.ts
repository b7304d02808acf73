import {
  type CollectionSpec,
  type DocumentWrite,
  type FieldType,
  type ProjectionBuild,
  ReadStoreError,
  type Scalar,
} from '#read-store';
import { fieldsOf } from './names.js';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** What a query may ask of a document's field. Undefined when the value does not fit the declared type. */
const fieldValue = (type: FieldType, value: unknown): Scalar | undefined => {
  if (value === undefined || value === null) return null;
  if (type === 'text') return typeof value === 'string' ? value : undefined;
  if (type === 'time') return typeof value === 'string' && TIME.test(value) ? value : undefined;
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  return typeof value === 'boolean' ? value : undefined;
};

export const invalidDocument = (collection: string, id: string, why: string, cause?: unknown): ReadStoreError =>
  new ReadStoreError('invalid_document', `${collection}/${id} cannot be stored: ${why}`, { collection, id }, { cause });

/** The values of the declared fields, in the order of their declaration; null throughout for what is gone. */
export const fieldValues = (
  spec: CollectionSpec,
  { id, body }: DocumentWrite,
): readonly (readonly [string, Scalar])[] =>
  fieldsOf(spec).map(([field, type]) => {
    const value = body ? fieldValue(type, (body as Record<string, unknown>)[field]) : null;
    if (value === undefined) throw invalidDocument(spec.name, id, `${field} is no ${type}.`);
    return [field, value] as const;
  });

/** The document itself as every engine keeps it: as text, so that it comes back as it was, whatever its keys are. */
export const bodyText = ({ collection, id, body }: DocumentWrite): string | null => {
  try {
    return body && JSON.stringify(body);
  } catch (error) {
    throw invalidDocument(collection, id, (error as Error).message, error);
  }
};

/** Writes of one collection that follow one another. */
export interface WriteRun {
  readonly spec: CollectionSpec;
  readonly writes: readonly DocumentWrite[];
}

/** A commit's documents in the order given, those of one collection together where they follow one another. */
export const runsOf = (
  build: ProjectionBuild,
  collections: ReadonlyMap<string, CollectionSpec>,
  writes: readonly DocumentWrite[],
): readonly WriteRun[] => {
  const runs: { spec: CollectionSpec; writes: DocumentWrite[] }[] = [];
  for (const write of writes) {
    if (runs.at(-1)?.spec.name !== write.collection) {
      const spec = collections.get(write.collection);
      if (!spec) throw new ReadStoreError('invalid_projection', `${build.name} has no collection ${write.collection}.`);
      runs.push({ spec, writes: [] });
    }
    runs.at(-1)!.writes.push(write);
  }
  return runs;
};
