import { ConcurrentProjectionError, type DocumentWrite } from '#read-store';
import { bodyText, fieldValues, invalidDocument, type WriteRun } from '../rules/documents.js';
import type { Bulks, Operation } from './bulks.js';
import type { RecordModel, StoredRecord } from './models.js';
import { positionText } from './positions.js';

/** MongoDB takes documents of 16 MiB; the fields beside the body repeat parts of it. */
const MAX_BODY_BYTES = 7 * 1024 * 1024;

/** Documents of one collection, checked and ready to be written. */
export interface RecordRun {
  readonly collection: string;
  readonly records: readonly StoredRecord[];
  readonly writes: readonly DocumentWrite[];
}

const recordOf = (spec: WriteRun['spec'], write: DocumentWrite): StoredRecord => {
  const { id, stale } = write;
  const position = positionText(write.position);
  const body = bodyText(write);
  if (body === null) return { _id: id, position, gone: true };
  if (Buffer.byteLength(body) > MAX_BODY_BYTES) throw invalidDocument(spec.name, id, 'it is too large.');
  const fields = Object.fromEntries(fieldValues(spec, write));
  return { _id: id, position, gone: false, ...(stale && { stale: true }), fields, body };
};

export const recordRun = ({ spec, writes }: WriteRun): RecordRun => ({
  collection: spec.name,
  records: writes.map((write) => recordOf(spec, write)),
  writes,
});

/**
 * Each document is replaced only where it stands at the position it was loaded at. The run as a whole is not atomic and
 * need not be: who asks again finds by its positions what was written.
 * @throws ConcurrentProjectionError after which nothing may be written that is computed from these
 */
export const writeRun = async (bulks: Bulks, model: RecordModel, { records, writes }: RecordRun): Promise<void> => {
  const operations = records.map((record, index): Operation => {
    const { expected } = writes[index]!;
    if (expected === null) return { insertOne: { document: record } };
    const { _id, ...replacement } = record;
    return { replaceOne: { filter: { _id, position: positionText(expected) }, replacement } };
  });
  // Which of them it was, the server does not tell.
  if ((await bulks.write(model, operations)) < writes.length)
    throw new ConcurrentProjectionError(writes.map(({ id }) => id).join(', '));
};
