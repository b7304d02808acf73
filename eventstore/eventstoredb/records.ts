import type { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';

/** The type of the record a tombstone leaves in `$all`. */
export const STREAM_DELETED = '$streamDeleted';

/** Streams and types of the store's own, and of whoever links or projects in it. */
export const isSystem = ({ stream, type }: { readonly stream: string; readonly type: string }): boolean =>
  stream.startsWith('$') || type.startsWith('$');

export function identifierOf(stream: string): StreamIdentifier {
  const identifier = new shared.StreamIdentifier();
  identifier.setStreamName(Buffer.from(stream));
  return identifier;
}

export function uuidOf(id: string): UUID {
  const uuid = new shared.UUID();
  uuid.setString(id);
  return uuid;
}

/** As text, whichever of its two forms was sent: what a server answers late it answers in the other. */
export function uuidText(uuid: UUID | undefined): string {
  const structured = uuid?.getStructured();
  if (!uuid || !structured) return uuid?.getString() ?? '';
  const bits =
    (BigInt.asUintN(64, BigInt(structured.getMostSignificantBits())) << 64n) |
    BigInt.asUintN(64, BigInt(structured.getLeastSignificantBits()));
  return bits
    .toString(16)
    .padStart(32, '0')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
