import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { CandidateKeys, type KeyBearer } from '#access';
import { isVerbatimError } from '#platform';
import { Guesses } from '../http/guesses.js';

/**
 * A key that is not valid is answered after the same time for whatever reason it is not: far more than any of the look-ups
 * takes, so that their differences do not show.
 */
const REFUSED_AFTER_MS = 50;

/** Lets candidate keys in, and guessers wait. */
@Injectable()
export class KeyGate {
  constructor(
    private readonly keys: CandidateKeys,
    private readonly guesses: Guesses,
  ) {}

  /** @throws VerbatimError invalid_key | rate_limited */
  async admit(key: string, address: string): Promise<KeyBearer> {
    await this.guesses.refuseLockedOut(address);
    const begun = performance.now();
    try {
      return await this.keys.resolve(key);
    } catch (error) {
      if (!isVerbatimError(error, 'invalid_key')) throw error;
      await this.guesses.noteWrong(address);
      await delay(Math.max(0, REFUSED_AFTER_MS - (performance.now() - begun)));
      throw error;
    }
  }
}
