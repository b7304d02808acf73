import type { Letter } from './letter-text.js';

/** A letter ready to go. The id follows from the delivery, so a letter sent twice can be told to be one. */
export interface Mail extends Letter {
  readonly deliveryId: string;
  readonly sessionId: string;
}

export type Channel = 'smtp' | 'outbox';

/** Takes mail out of the house, or keeps it for the operator. */
export abstract class MailCarrier {
  abstract readonly channel: Channel;
  /**
   * Resolves when the mail was taken over for good. Once `stopping` aborts, a mail under way has a few seconds left.
   * @throws CarriageError
   */
  abstract carry(mail: Mail, stopping?: AbortSignal): Promise<void>;
  abstract close(): Promise<void>;
}

export class CarriageError extends Error {
  constructor(
    /** Short, without addresses or contents: it is kept and listed. */
    readonly reason: string,
    /** Trying again cannot help. */
    readonly isFinal: boolean,
    options?: { cause?: unknown },
  ) {
    super(reason, options);
    this.name = 'CarriageError';
  }
}
