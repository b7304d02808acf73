import { EventCatalogue, type EventDefinition } from '#event-sourcing';
import { type ActivityEvent, activityEvents } from './activity.events.js';
import { isActivityType } from './activity.types.js';
import { type LifecycleEvent, lifecycleEvents } from './lifecycle.events.js';
import { type ScoringEvent, scoringEvents } from './scoring.events.js';

export * from './activity.events.js';
export * from './activity.types.js';
export * from './lifecycle.events.js';
export * from './scoring.events.js';
export * from './session.plan.js';

/** Layer (a), the 33 activity types, and layer (b), the facts of a session's life. */
export const sessionEvents: readonly EventDefinition[] = [...activityEvents, ...lifecycleEvents, ...scoringEvents];

export const sessionCatalogue = new EventCatalogue(sessionEvents);

export type SessionEvent = ActivityEvent | LifecycleEvent | ScoringEvent;

export const isActivityEvent = <Event extends { readonly type: string }>(
  event: Event,
): event is Extract<Event, ActivityEvent> => isActivityType(event.type);
