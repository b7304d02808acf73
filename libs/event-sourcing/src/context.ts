import type { Actor } from './facts.js';

/** One request or one reaction: who, why, when. Every append of it carries these in its metadata. */
export class CommandContext {
  /** Position of the last event this context appended; null while it appended none. Answered as `X-Verbatim-Position`. */
  position: bigint | null = null;

  constructor(
    readonly actor: Actor,
    /** Ids of decided events follow from it: the same command id twice decides the same ids. */
    readonly commandId: string,
    /** Moment of receipt (ms since 1970): what deciders judge by. */
    readonly receivedAt: number,
    readonly correlationId: string = commandId,
    readonly causationId: string | null = null,
    /** Conflicts are decided again until here (ms since 1970, wall clock), then 503 busy. */
    readonly budgetMs: number = 5000,
  ) {}

  noteAppended(position: bigint): void {
    if (this.position === null || position > this.position) this.position = position;
  }
}
