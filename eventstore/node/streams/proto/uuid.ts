import shared from '@eventstore/db-client/generated/shared_pb.js';
import { ProtoReader } from '../../../common/proto/reader.js';
import { structuredUuid, textOfUuid } from '../../uuids.js';

/** What clients send that write uuids as `crypto.randomUUID` does. */
const PLAIN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Lower-case text of a UUID message in either form; undefined when it is none. */
export function readUuid(message: Buffer): string | undefined {
  const reader = new ProtoReader(message);
  if (reader.tag() === 0x12) {
    const text = reader.text();
    if (PLAIN.test(text)) return text;
  }
  return textOfUuid(shared.UUID.deserializeBinary(message));
}

/** A UUID message in the structured form. */
export const encodeStructured = (uuid: string): Buffer => Buffer.from(structuredUuid(uuid).serializeBinary());
