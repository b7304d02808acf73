import { hash, randomBytes } from 'node:crypto';
import { v7 } from 'uuid';

/** Makes random ids; injected, so that tests are deterministic. */
export abstract class Ids {
  /** A new uuid (version 7: grows with time, so indexes stay compact). */
  abstract next(): string;
  /** Random bytes for secrets. */
  abstract secret(bytes: number): Buffer;
}

export class RandomIds extends Ids {
  next(): string {
    return v7();
  }

  secret(bytes: number): Buffer {
    return randomBytes(bytes);
  }
}

/** Everything derived hangs under this namespace, so that no two kinds of derived id can meet. */
const VERBATIM_NAMESPACE = '6f1c1f0a-6b6e-5d6f-9a53-0d9f1c3b7a11';
const NAMESPACE_BYTES = Buffer.from(VERBATIM_NAMESPACE.replaceAll('-', ''), 'hex');

/**
 * A uuid v5 that follows from its parts alone. The parts are length-prefixed: ('ab','c') and ('a','bc') differ.
 * Spelled out here because every activity has one: the library's takes four times as long.
 */
export const derivedId = (kind: string, ...parts: readonly (string | number)[]): string => {
  let name = `${kind.length}:${kind}`;
  for (const part of parts) name += `|${String(part).length}:${part}`;
  const bytes = Buffer.allocUnsafe(NAMESPACE_BYTES.length + Buffer.byteLength(name));
  NAMESPACE_BYTES.copy(bytes);
  bytes.write(name, NAMESPACE_BYTES.length);
  const hex = hash('sha1', bytes, 'hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/**
 * The id of an event that a command decided: command, stream and the revision it aims at. The same attempt asked again has
 * the same id; never derived from the fact itself, or two different facts would pass for one.
 */
export const decidedEventId = (commandId: string, stream: string, revision: number): string =>
  derivedId('decided', commandId, stream, revision);
