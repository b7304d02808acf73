import { describe, expect, it } from '@jest/globals';
import { isoTime } from '#platform';
import {
  ACTIVITIES,
  ACTIVITY_TYPES,
  type ActivityData,
  type ActivityTypeName,
  type PhaseAdvanced,
  type SessionEvent,
  type SessionInvited,
  sessionCatalogue,
  sessionEvents,
} from './session.events.js';
import { evolve } from './session.evolve.js';
import { fold, type Story } from './testing/given-when-then.js';
import { at, does, inSetup, message, planOf } from './testing/sample-session.js';

type Equal<Left, Right> =
  (<Probe>() => Probe extends Left ? 1 : 2) extends <Probe>() => Probe extends Right ? 1 : 2 ? true : false;
type DataOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { readonly type: Type }>['data'];
const holds = <Claim extends true>(claim: Claim): Claim => claim;

type LifecycleName =
  | 'session_invited'
  | 'invite_delivered'
  | 'setup_started'
  | 'task_started'
  | 'checkpoint_saved'
  | 'config_snapshot_taken'
  | 'scoring_requested'
  | 'scoring_started'
  | 'score_recorded'
  | 'scoring_failed'
  | 'scoring_retry_due'
  | 'scoring_parked'
  | 'session_deleted'
  | 'review_recorded'
  | 'decision_recorded'
  | 'feedback_delivered'
  | 'due_date_changed'
  | 'time_extended'
  | 'session_cancelled'
  | 'session_reopened';

describe('the events of a session', () => {
  it('are a union that the compiler knows event by event', () => {
    holds<Equal<SessionEvent['type'], ActivityTypeName | LifecycleName>>(true);
    holds<Equal<DataOf<'session_invited'>, SessionInvited>>(true);
    holds<Equal<DataOf<'phase_advanced'>, ActivityData<PhaseAdvanced>>>(true);
    holds<Equal<DataOf<'user_message'>, ActivityData>>(true);
    // @ts-expect-error a time is text in a stored event
    const wrong: SessionEvent = { type: 'session_deleted', data: { deletedAt: 5, by: 'k', reason: 'requested' } };
    // @ts-expect-error no such event
    const unknown: SessionEvent = { type: 'session_paused', data: {} };
    expect([wrong, unknown].map(({ type }) => sessionCatalogue.find(type)?.layer)).toEqual(['lifecycle', undefined]);
  });

  it('are the 33 activity types of the reference, and 20 facts of its life', () => {
    const reference =
      'connector_browsed, connector_connected, skill_uploaded, skill_created, skill_activated, skill_enabled, skill_disabled, agents_md_edited, memory_added, user_message, ai_response, ai_tool_use, slash_command, manual_edit, slide_added, slide_deleted, slide_reordered, section_added, section_deleted, section_reordered, content_edited, deliverable_downloaded, deliverable_reuploaded, file_uploaded, task_submitted, time_expired, security_flag, ai_feedback, phase_advanced, inbox_item_opened, inbox_item_closed, workflow_run, workflow_prompt_edited';
    expect(ACTIVITY_TYPES).toEqual(reference.split(', '));
    expect(sessionEvents.filter(({ layer }) => layer === 'activity').map(({ type }) => type)).toEqual(ACTIVITY_TYPES);
    expect(sessionEvents.filter(({ layer }) => layer === 'lifecycle')).toHaveLength(20);
  });

  it.each(ACTIVITY_TYPES)('%s says who emits it, when, and what it means', (type) => {
    const { emitters, phases, meaning } = ACTIVITIES[type];
    expect(emitters.length * phases.length).toBeGreaterThan(0);
    expect(meaning).toMatch(/^[A-Z].*\.$/);
  });

  it('leave what people write sealed', () => {
    const written = ['callerId', 'body', 'body.content', 'body.name', 'body.query', 'body.exec.label'];
    for (const { structure } of sessionEvents) for (const path of written) expect(structure).not.toHaveProperty([path]);
    expect(sessionCatalogue.find('session_cancelled')!.structure).not.toHaveProperty('reason');
    expect(sessionCatalogue.find('session_reopened')!.structure).not.toHaveProperty('reason');
    expect(sessionCatalogue.find('review_recorded')!.structure).not.toHaveProperty('note');
    expect(sessionCatalogue.find('score_recorded')!.structure).not.toHaveProperty('result');
  });

  it('leave opinions sealed, of which scorers elsewhere may learn only that there are some', () => {
    const opinions = ['score_recorded', 'review_recorded', 'decision_recorded'];
    const open = opinions.flatMap((type) => Object.values(sessionCatalogue.find(type)!.structure));
    expect(new Set(open)).toEqual(new Set(['id', 'time', 'number']));
    const numbers = opinions.flatMap((type) =>
      Object.entries(sessionCatalogue.find(type)!.structure).filter(([, kind]) => kind === 'number'),
    );
    expect(numbers).toEqual([['attempt', 'number']]);
  });
});

/** One session that has lived through nearly everything. */
const eventful = (): Story =>
  inSetup(planOf(10, 20, 30), { dueDate: at(500) })
    .after(does.deliver(1))
    .after(
      does.record(2, [{ id: 's', type: 'skill_created', timestampMs: 1, data: { skillId: 's', content: 'Be brief' } }]),
    )
    .after(does.adjust(3, { addMinutes: 1, dueDate: at(400) }))
    .after(does.inherit(4, 600))
    .after(does.record(15, [message('m-1')]))
    .after(does.checkpoint(16, 'draft'))
    .after(does.advance(17, 0, 'final', 10))
    .after(does.closeDue(60))
    .after(does.submit(60, 'late'))
    .after(does.record(47.3, [message('m-2')]))
    .after(does.reopen(61))
    .after(does.closeDue(90))
    .after(does.requestScoring(91))
    .after(does.startScoring(91))
    .after(does.failScoring(92))
    .after(does.startScoring(93, 'run-2'))
    .after(does.recordScore(94, 'run-2'))
    .after(does.requestScoring(95, 'request-2'))
    .after(does.startScoring(95, 'run-3'))
    .after(does.parkScoring(96, 'run-3'))
    .after(does.review(97, 'hired'));

const valueAt = (data: object, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], data);

/** What an erasure leaves of an event's data: the fields that its definition names. */
const structureOf = (type: string, data: object): object => {
  const kept: Record<string, unknown> = {};
  for (const path of Object.keys(sessionCatalogue.find(type)!.structure)) {
    const keys = path.split('.');
    const value = valueAt(data, keys);
    if (value === undefined) continue;
    let under = kept;
    for (const key of keys.slice(0, -1)) under = under[key] = (under[key] ?? {}) as Record<string, unknown>;
    under[keys.at(-1)!] = value;
  }
  return kept;
};

describe('a session whose key was destroyed', () => {
  it('folds to the same status, times and counts', () => {
    const story = eventful();
    const erased = story.facts.map((fact) => ({ ...fact, data: structureOf(fact.type, fact.data), erased: true }));
    const state = fold(erased as unknown as Story['facts']);
    const facts = (of: Story['state']) => ({
      status: of.status,
      phaseIndex: of.phaseIndex,
      times: [of.setupStartedAt, of.taskStartedAt, of.phaseDeadlineAt, of.submittedAt, of.closesAt, of.lastActivityAt],
      submittedBy: of.submittedBy,
      checkpoint: of.checkpoint,
      counts: ACTIVITY_TYPES.map((type) => of.activities.count(type)),
      scores: [of.scoring.currentRunId, of.scoring.runs.length, of.reviews.length],
    });
    expect(facts(state)).toEqual(facts(story.state));
    expect([story.state.decision, state.decision]).toEqual(['hired', null]);
    expect(facts(state)).toMatchObject({ status: 'reviewed', submittedBy: 'timer', scores: ['run-2', 1, 1] });
  });

  it('can lose every field of every caller without stopping the fold', () => {
    const story = eventful();
    const bare = story.facts.map((fact) =>
      'callerId' in fact.data && fact.data.callerId !== null ? { ...fact, data: {} } : fact,
    );
    expect(fold(bare as unknown as Story['facts']).status).toBe('reviewed');
  });
});

it('nothing that follows a deletion brings a session back', () => {
  const story = eventful();
  const after = story.facts.reduce<Story['state']>(
    (state, fact) => evolve(state, fact),
    story.after(does.remove(200)).state,
  );
  expect(after).toMatchObject({ deleted: true, status: null, candidateId: '' });
});

it('an event of a later version of the house moves the revision and nothing else', () => {
  const { state, facts } = eventful();
  const foreign = { ...facts[0]!, type: 'session_paused', revision: state.revision + 1, data: { at: isoTime(0) } };
  expect(evolve(state, foreign as unknown as Story['facts'][number])).toEqual({
    ...state,
    revision: state.revision + 1,
  });
});
