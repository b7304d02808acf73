import type { Decision } from '#event-sourcing';
import type { VerbatimError } from '#platform';
import type { SessionEvent } from './session.events.js';

/**
 * What a command on a session answers. Every command applies overdue deadlines first, so it can be refused although
 * something must be appended: a refusal that comes after such a cascade is answered, not thrown, and the handler throws it
 * (`settle`) once the cascade is durable. A refusal with nothing to append is thrown by the decision itself.
 */
export type Outcome<Result> = { readonly result: Result } | { readonly refusal: VerbatimError };

export type SessionDecision<Result> = Decision<SessionEvent, Outcome<Result>>;

/** The result, or the refusal thrown: what a handler calls on `changed.answer`. */
export const settle = <Result>(outcome: Outcome<Result>): Result => {
  if ('refusal' in outcome) throw outcome.refusal;
  return outcome.result;
};
