import { TOMBSTONE_REVISION } from '../../embedded/messages.js';
import { ID_LENGTH, type PackedRows } from '../../embedded/wire.js';
import { DELETED_REVISION, type NodeEvent } from './node-log.js';

/** Rows from the reader's thread as events; data and metadata are views on the page's one buffer. */
export function nodeEvents(rows: PackedRows): NodeEvent[] {
  const count = rows.positions.length;
  const events = new Array<NodeEvent>(count);
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    const dataEnd = at + rows.shapes[index * 3 + 1]!;
    const metadataEnd = dataEnd + rows.shapes[index * 3 + 2]!;
    const revision = rows.revisions[index]!;
    events[index] = {
      id: rows.ids.substring(index * ID_LENGTH, (index + 1) * ID_LENGTH),
      type: rows.types[index]!,
      contentType: rows.shapes[index * 3] === 1 ? 'application/json' : 'application/octet-stream',
      data: rows.bytes.subarray(at, dataEnd),
      metadata: rows.bytes.subarray(dataEnd, metadataEnd),
      stream: rows.names[rows.streams[index]!]!,
      revision: revision === TOMBSTONE_REVISION ? DELETED_REVISION : BigInt(revision),
      position: BigInt(rows.positions[index]!),
      created: rows.created[index]!,
    };
    at = metadataEnd;
  }
  return events;
}
