import type { Aggregate, Evolvable } from '../aggregate.js';
import type { DomainEvent } from '../facts.js';
import { metadataOf } from './metadata.js';

export { systemActor } from './metadata.js';

const START = Date.parse('2026-01-01T00:00:00.000Z');

/** One second after the other from the start of 2026. */
export const recordedAtOf = (revision: number): string => new Date(START + revision * 1000).toISOString();

/**
 * The state after a history, as production folds it: every event goes through JSON on its way, so a payload that would not
 * survive being stored is found here.
 */
export const given = <State, Event extends DomainEvent>(
  aggregate: Aggregate<State, Event>,
  ...history: readonly Event[]
): State =>
  history.reduce((state, event, revision) => {
    if (!aggregate.catalogue.find(event.type)) throw new Error(`${event.type} is not in the catalogue.`);
    const metadata = metadataOf(recordedAtOf(revision));
    const stored = {
      ...event,
      data: JSON.parse(JSON.stringify(event.data)),
      id: `event-${revision}`,
      revision,
      metadata,
    };
    return aggregate.evolve(state, stored as unknown as Evolvable<Event>);
  }, aggregate.initialState);
