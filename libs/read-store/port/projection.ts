import type { Collection } from './collections.js';

/** The least a projection needs of an event; the house's facts (opened, upcast) are one. */
export interface ProjectableEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
  readonly type: string;
}

/** Documents of one batch: loaded before, folded in memory, written after. */
export interface Documents {
  get<D extends object>(collection: Collection<D>, id: string): D | undefined;
  put<D extends object>(collection: Collection<D>, id: string, document: D): void;
  remove<D extends object>(collection: Collection<D>, id: string): void;
}

export interface DocumentRef {
  readonly collection: Collection<object>;
  readonly id: string;
}

/**
 * One read model: a pure function from event to changes of documents whose ids follow from the event.
 * An event seen twice changes nothing: the runner compares positions, the projection need not.
 */
export interface Projection<Event extends ProjectableEvent = ProjectableEvent> {
  /** Unique in the house; never changes. */
  readonly name: string;
  /** A higher version is built beside the running one and takes over when caught up. */
  readonly version: number;
  /** Of the log's event types these alone; others are not even opened for it. */
  readonly types: readonly string[];
  /** Of these types what stands open is enough: unless another projection reads them whole, they are not decrypted. */
  readonly unopened?: readonly string[];
  /** In the order they are written: documents that others are computed from come last. */
  readonly collections: readonly Collection<object>[];
  /**
   * An event that cannot be projected. `quarantine_stream` (documents fed by one stream each): the stream's documents
   * are marked stale and the projection goes on without that stream. `stop` (documents fed by many): the projection
   * stops before the event. Both visibly.
   */
  readonly onPoison: 'quarantine_stream' | 'stop';
  /**
   * Documents this event may touch; empty when it changes nothing after all. Only these may be got, put or removed in `apply`.
   * Total, like `apply`, for erased facts: of those `data` holds structure alone.
   */
  touches(event: Event): readonly DocumentRef[];
  /**
   * Documents that follow from the event only by way of those of `touches`, as they are before the event: a session's
   * event knows its session, and the session its assessment. Their collections come before those they are found by: what
   * was not written when a projector died is then found and written again.
   */
  alsoTouches?(event: Event, documents: Pick<Documents, 'get'>): readonly DocumentRef[];
  apply(event: Event, documents: Documents): void;
}
