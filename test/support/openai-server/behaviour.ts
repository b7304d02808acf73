/** What the server does with a request. */
export type Behaviour =
  | { readonly kind: 'answer' }
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** Answers after this long. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Sends headers and half of a body. */
  | { readonly kind: 'stall' }
  | { readonly kind: 'broken_connection' }
  | { readonly kind: 'not_json' }
  | { readonly kind: 'no_choices' }
  | { readonly kind: 'malformed_answer' }
  | { readonly kind: 'cut_answer' }
  | { readonly kind: 'refusal' }
  | { readonly kind: 'wrong_schema' }
  | { readonly kind: 'score_out_of_range' }
  | { readonly kind: 'score_without_evidence' }
  | { readonly kind: 'invented_quote' }
  | { readonly kind: 'unknown_event' }
  | { readonly kind: 'abstain' }
  /** The answer with another score. */
  | { readonly kind: 'score'; readonly score: number };

export interface Setting {
  /** Before every answer. */
  readonly delayMs: number;
  /** One for each request in turn; then `otherwise`. */
  readonly script: readonly Behaviour[];
  readonly otherwise: Behaviour;
  /** Only for prompts about this criterion; others are answered. */
  readonly criterion: string | null;
}

export const AS_IT_SHOULD: Setting = { delayMs: 0, script: [], otherwise: { kind: 'answer' }, criterion: null };

export interface Message {
  readonly role: string;
  readonly content: string;
}

/** A request as it came in. */
export interface Received {
  readonly at: number;
  readonly model: string;
  readonly authorization: string | null;
  readonly messages: readonly Message[];
}

export interface Seen {
  readonly requests: readonly Received[];
  /** The most that were under way at the same time. */
  readonly mostAtOnce: number;
}
