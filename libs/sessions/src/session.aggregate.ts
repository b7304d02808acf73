import type { Aggregate } from '#event-sourcing';
import { type SessionEvent, sessionCatalogue } from './session.events.js';
import { evolve } from './session.evolve.js';
import { initialState, type SessionState } from './session.state.js';

export const sessionAggregate: Aggregate<SessionState, SessionEvent> = {
  category: 'session',
  catalogue: sessionCatalogue,
  initialState,
  evolve,
  sizeOf: (state) => 2048 + state.activities.size + 200 * state.config.changes.length,
};
