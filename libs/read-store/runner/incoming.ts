import type { ProjectableEvent } from '#read-store';

/** An event as it reaches projections. */
export interface Incoming<Event extends ProjectableEvent> {
  readonly event: Event;
  /**
   * It could not be opened, and why: `event` carries structure at most. It cannot be projected by anybody; what it would
   * have touched is marked stale.
   */
  readonly unreadable?: string;
}
