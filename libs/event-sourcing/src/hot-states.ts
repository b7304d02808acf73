import { LRUCache } from 'lru-cache';
import type { Aggregate } from './aggregate.js';
import type { DomainEvent } from './facts.js';

/** The fold of a stream up to a revision. */
export interface HotState<State> {
  readonly state: State;
  /** -1 before the first event. */
  readonly revision: number;
  /** `recordedAt` of the event at `revision`; empty before the first. */
  readonly recordedAt: string;
}

interface Entry {
  readonly aggregate: unknown;
  readonly hot: HotState<unknown>;
  readonly bytes: number;
}

/** Folds kept in memory, bounded by their estimated bytes. An entry may lag behind its stream, never run ahead of it. */
export class HotStates {
  private readonly entries: LRUCache<string, Entry>;

  constructor(maxBytes: number) {
    this.entries = new LRUCache({ maxSize: maxBytes, sizeCalculation: (entry) => entry.bytes });
  }

  get<State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    stream: string,
  ): HotState<State> | undefined {
    const entry = this.entries.get(stream);
    return entry?.aggregate === aggregate ? (entry.hot as HotState<State>) : undefined;
  }

  set<State, Event extends DomainEvent>(
    aggregate: Aggregate<State, Event>,
    stream: string,
    hot: HotState<State>,
  ): void {
    const bytes = Math.max(256, Math.ceil(aggregate.sizeOf?.(hot.state) ?? 1024));
    this.entries.set(stream, { aggregate, hot, bytes });
  }

  forget(stream: string): void {
    this.entries.delete(stream);
  }
}
