import type { CommandContext } from '#event-sourcing';
import type { Principal, VerbatimError } from '#platform';

/** What is known of a request beside what Fastify knows; begun in the first hook. */
export interface RequestState {
  /** Moment of receipt (ms since 1970), before anything of the body was read. */
  readonly receivedAt: number;
  /** Who calls; undefined without a credential, or with one that does not hold. */
  principal?: Principal;
  /** Why the credential does not hold: thrown where one is needed. */
  refusal?: VerbatimError;
  /** Made on first use by `@Context()`. */
  context?: CommandContext;
  /** Set by the idempotency interceptor: the same request again decides the same event ids. */
  commandId?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    verbatim: RequestState;
  }
}
