import { randomBytes } from 'node:crypto';
import { v5, v7 } from 'uuid';

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

/**
 * A uuid v5 that follows from its parts alone. The parts are length-prefixed: ('ab','c') and ('a','bc') differ.
 */
export const derivedId = (kind: string, ...parts: readonly (string | number)[]): string =>
  v5([kind, ...parts].map((part) => `${String(part).length}:${part}`).join('|'), VERBATIM_NAMESPACE);

/**
 * The id of an event that a command decided: command, stream and the revision it aims at. The same attempt asked again has
 * the same id; never derived from the fact itself, or two different facts would pass for one.
 */
export const decidedEventId = (commandId: string, stream: string, revision: number): string =>
  derivedId('decided', commandId, stream, revision);
