import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '#event-sourcing';
import { isoTime, isVerbatimError } from '#platform';
import type { Collection, Documents, Projection } from '#read-store';
import { nextDeadline } from '../session.decider.js';
import type { SessionState } from '../session.state.js';
import { coreOfEntry, coreOfState } from '../session-view.js';
import { fold, type Story } from '../testing/given-when-then.js';
import { at, does, invited } from '../testing/sample-session.js';
import { type Life, lives } from '../testing/session-lives.js';
import { deadlines, deadlinesProjection } from './deadlines.projection.js';
import { sessionList, sessionListProjection } from './session-list.projection.js';

/** Documents by collection and id, holding a projection to what it said it would touch. */
class Kept {
  private readonly documents = new Map<string, object>();

  take(projection: Projection<Fact>, fact: Fact): void {
    const touched = projection.touches(fact).map(({ collection, id }) => `${collection.name}/${id}`);
    if (touched.length === 0) return;
    const key = ({ name }: Collection<object>, id: string) => {
      expect(touched).toContain(`${name}/${id}`);
      return `${name}/${id}`;
    };
    const documents: Documents = {
      get: <D extends object>(collection: Collection<D>, id: string) =>
        this.documents.get(key(collection, id)) as D | undefined,
      put: (collection, id, document) => this.documents.set(key(collection, id), document),
      remove: (collection, id) => this.documents.delete(key(collection, id)),
    };
    projection.apply(fact, documents);
  }

  find<D extends object>({ name }: Collection<D>, id: string): D | undefined {
    return this.documents.get(`${name}/${id}`) as D | undefined;
  }
}

/** Of the stream that stories are told in. */
const ID = 's';

const told = ({ thePlan, dueDate, told: asked, end }: Life): Story => {
  let minute = 1;
  let story = invited({ plan: thePlan, dueDate: dueDate === null ? null : at(dueDate) });
  const attempt = (decide: Parameters<Story['after']>[0]): void => {
    try {
      story = story.after(decide, at(minute));
    } catch (error) {
      if (!isVerbatimError(error)) throw error;
    }
  };
  for (const [later, episode] of asked) {
    minute = Math.max(0, minute + later);
    for (const step of episode) attempt(step(minute));
  }
  if (end === 'cancel') attempt(does.cancel(minute));
  if (end === 'delete') attempt(does.remove(minute));
  return story;
};

const expectRow = (kept: Kept, state: SessionState, now: number): void => {
  const row = kept.find(sessionList, ID);
  if (state.status === null) expect(row).toBeUndefined();
  else expect({ ...coreOfEntry(ID, row!, now), id: state.sessionId }).toEqual(coreOfState(state, now));
};

const expectDeadline = (kept: Kept, state: SessionState): void => {
  const next = nextDeadline(state);
  expect(kept.find(deadlines, ID)?.at ?? null).toBe(next === null ? null : isoTime(next.at));
};

describe('the read models of sessions', () => {
  it('say_after_every_event_of_any_life_what_the_session_itself_says', () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 0, max: 400 }), (life, minute) => {
        const kept = new Kept();
        const { facts } = told(life);
        for (const [index, fact] of facts.entries()) {
          kept.take(sessionListProjection, fact);
          kept.take(deadlinesProjection, fact);
          const state = fold(facts.slice(0, index + 1));
          expectRow(kept, state, at(minute));
          expectDeadline(kept, state);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('forget_a_session_by_the_fact_of_its_organization_too', () => {
    const kept = new Kept();
    const both = [sessionListProjection, deadlinesProjection];
    for (const fact of invited().after(does.start(1)).facts) for (const one of both) kept.take(one, fact);
    const erased = { ...invited().facts[0]!, stream: 'organization-org', type: 'session_erased' };
    for (const one of both) kept.take(one, { ...erased, data: { sessionId: ID, by: 'key-1', reason: 'requested' } });
    expect(kept.find(sessionList, ID)).toBeUndefined();
    expect(kept.find(deadlines, ID)).toBeUndefined();
  });

  it('hold_no_name_no_text_and_nothing_of_what_was_done', () => {
    const kept = new Kept();
    for (const fact of invited().after(does.start(1)).facts) kept.take(sessionListProjection, fact);
    expect(new Set(Object.keys(kept.find(sessionList, ID)!))).toEqual(
      new Set([
        'assessmentDueDate',
        'assessmentId',
        'attempt',
        'candidateId',
        'closedReason',
        'closesAt',
        'createdAt',
        'dueDate',
        'orgId',
        'setupStartedAt',
        'status',
        'submittedAt',
        'submittedBy',
        'taskStartedAt',
      ]),
    );
  });
});
