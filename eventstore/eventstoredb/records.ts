import type { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { RecordedEvent } from '../port/index.js';

/** Of the Streams and the PersistentSubscriptions service alike. */
export interface WireRecord {
  getId(): UUID | undefined;
  getStreamIdentifier(): StreamIdentifier | undefined;
  getStreamRevision(): string;
  getCommitPosition(): string;
  getMetadataMap(): { get(key: string): string | undefined };
  getData_asU8(): Uint8Array;
  getCustomMetadata_asU8(): Uint8Array;
}

/** The type of the record a tombstone leaves in `$all`. */
export const STREAM_DELETED = '$streamDeleted';

/** Streams and types of the store's own, and of whoever links or projects in it. */
export const isSystem = ({ stream, type }: { readonly stream: string; readonly type: string }): boolean =>
  stream.startsWith('$') || type.startsWith('$');

const text = new TextDecoder();

export const nameOf = (identifier: StreamIdentifier | undefined): string =>
  identifier ? text.decode(identifier.getStreamName_asU8()) : '';

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

export function recordedEvent(wire: WireRecord): RecordedEvent {
  const described = wire.getMetadataMap();
  return {
    id: uuidText(wire.getId()),
    type: described.get('type') ?? '',
    contentType: described.get('content-type') === 'application/json' ? 'application/json' : 'application/octet-stream',
    data: wire.getData_asU8(),
    metadata: wire.getCustomMetadata_asU8(),
    stream: nameOf(wire.getStreamIdentifier()),
    revision: BigInt(wire.getStreamRevision()),
    // Commit and prepare differ only for the explicit transactions of the old TCP protocol.
    position: BigInt(wire.getCommitPosition()),
  };
}
