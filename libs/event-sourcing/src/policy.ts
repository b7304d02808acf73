import type { CommandContext } from './context.js';
import type { Fact } from './facts.js';

/**
 * A durable reaction: event -> command. Run by a catch-up subscription with a checkpoint in the operational store, in order,
 * at least once: `react` must be repeatable (its command ids follow from the event's id). Off during import, never part
 * of a rebuild. A failing event is retried with backoff and then stops its policy, visibly.
 */
export interface Policy {
  /** Name of its checkpoint; never changes. */
  readonly name: string;
  readonly types: readonly string[];
  /** `context.commandId` is derived from the policy's name and the event's id; `receivedAt` is now. */
  react(fact: Fact, context: CommandContext): Promise<void>;
}
