/** `{type, data}`: what deciders speak of. */
export interface DomainEvent {
  readonly type: string;
  readonly data: object;
}

/** Who caused an event. No personal data: ids of keys, candidates, policies. */
export interface Actor {
  readonly kind: 'key' | 'candidate' | 'system' | 'operator';
  /** Id of the key, candidate or policy. */
  readonly id: string;
  /** Which door it came by (D41). */
  readonly via: 'candidate' | 'runtime' | 'system' | 'reviewer';
}

export interface FactMetadata {
  readonly v: number;
  /** max(previous in the stream, now): ISO-8601 UTC. `createdAt` everywhere; the store's own time is never read. */
  readonly recordedAt: string;
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly actor: Actor;
}

/** An event as it stands in the log, opened and upcast. */
export type Fact<Event extends DomainEvent = DomainEvent> = Event & {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
  readonly metadata: FactMetadata;
  /** The key of whom it concerned was destroyed: `data` holds structure alone, and `erased: true`. */
  readonly erased?: boolean;
};

/** What a decider hands out. `id`: only for activity, whose stored id follows from the caller's own. */
export type Decided<Event extends DomainEvent = DomainEvent> = Event & { readonly id?: string };
