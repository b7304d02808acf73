import { createHmac, hkdfSync } from 'node:crypto';
import { openBox, sealBox } from '#platform/sealed-box.js';

const PLAIN_CHECK = 'verbatim';
const CHECK = 'key check';

/** Keys for the store's own use that follow from VERBATIM_SECRET, one for each use. */
export class MasterKeys {
  /** Wraps data keys and salts. */
  readonly wrapping: Buffer;
  /** Seals answers that concern no single subject. */
  readonly answers: Buffer;
  /** Turns words that may be personal into opaque names. */
  private readonly naming: Buffer;

  constructor(secret: string) {
    const derive = (use: string): Buffer => Buffer.from(hkdfSync('sha256', secret, 'verbatim ops store', use, 32));
    this.wrapping = derive('wrapping');
    this.answers = derive('answers');
    this.naming = derive('naming');
  }

  /** 128 bits in hex. The parts are length-prefixed: ('ab','c') and ('a','bc') differ. */
  name(use: string, ...parts: readonly string[]): string {
    const text = [use, ...parts].map((part) => `${part.length}:${part}`).join('|');
    return createHmac('sha256', this.naming).update(text).digest('hex').slice(0, 32);
  }

  /**
   * The store keeps a box of its first start to know its secret again.
   * @param obtain keeps the box proposed unless there is one, and answers what stands
   * @throws WrongSecretError
   */
  async recognise(obtain: (proposed: Uint8Array) => Promise<Uint8Array>): Promise<void> {
    const check = await obtain(sealBox(this.wrapping, PLAIN_CHECK, CHECK));
    if (!this.passes(check)) throw new WrongSecretError();
  }

  private passes(check: Uint8Array): boolean {
    try {
      return openBox(this.wrapping, check, CHECK).toString() === PLAIN_CHECK;
    } catch {
      return false;
    }
  }
}

/** The store was sealed with another secret: nothing in it can be opened, and nothing may be added. */
export class WrongSecretError extends Error {
  readonly code = 'wrong_secret';

  constructor() {
    super(
      'VERBATIM_SECRET is not the one that this operational store was made with. ' +
        'Start with the secret of its first start; the keys in it cannot be opened with any other.',
    );
    this.name = 'WrongSecretError';
  }
}
