import type { UUID } from '@eventstore/db-client/generated/shared_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';

const GROUPS = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i;

/** Two signed halves, as clients that are not written in text-friendly languages send and want it. */
export function structuredUuid(text: string): UUID {
  const hex = text.replaceAll('-', '');
  const half = (digits: string): string => BigInt.asIntN(64, BigInt(`0x${digits}`)).toString();
  return new shared.UUID().setStructured(
    new shared.UUID.Structured()
      .setMostSignificantBits(half(hex.slice(0, 16)))
      .setLeastSignificantBits(half(hex.slice(16))),
  );
}

/** Lower case with hyphens; undefined for what is no uuid. */
export function textOfUuid(uuid: UUID | undefined): string | undefined {
  if (!uuid) return undefined;
  const structured = uuid.getStructured();
  if (!structured) return hyphenated(uuid.getString());
  const half = (digits: string): string => BigInt.asUintN(64, BigInt(digits)).toString(16).padStart(16, '0');
  return hyphenated(half(structured.getMostSignificantBits()) + half(structured.getLeastSignificantBits()));
}

const hyphenated = (text: string): string | undefined => GROUPS.exec(text)?.slice(1).join('-').toLowerCase();
