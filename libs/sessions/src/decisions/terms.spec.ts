import { describe, expect, it } from '@jest/globals';
import { effectiveDueDate } from '../session.state.js';
import {
  at,
  cancelled,
  does,
  inProgress,
  inScoring,
  inSetup,
  invited,
  iso,
  PLAN,
  scored,
  submitted,
  timedOut,
} from '../testing/sample-session.js';
import { nextDeadline } from './deadlines.js';

const dueDateChanged = (data: object) => ({
  type: 'due_date_changed',
  data: { source: 'session', assessmentDueDate: null, assessmentRevision: 3, by: 'key-1', ...data },
});

describe("a session's own due date", () => {
  it('can be set, moved and taken back', () => {
    const story = invited({ assessmentDueDate: at(900) })
      .appends(does.adjust(1, { dueDate: at(600) }), [
        dueDateChanged({ dueDate: iso(600), assessmentDueDate: iso(900), closesAt: iso(600) }),
      ])
      .leavesAlone(does.adjust(2, { dueDate: at(600) }))
      .appends(does.adjust(3, { dueDate: null }), [
        dueDateChanged({ dueDate: null, assessmentDueDate: iso(900), closesAt: iso(900) }),
      ]);
    expect(effectiveDueDate(story.state)).toBe(at(900));
  });

  it('in the past is refused', () => {
    inProgress().refuses(does.adjust(5, { dueDate: at(4) }), 'due_date_in_past', { dueDate: iso(4) });
  });

  it('lets a session go on whose access had expired, with the setup time it had left', () => {
    const story = inSetup(PLAN, { dueDate: at(5) }).appends(does.adjust(105, { dueDate: at(900) }), [
      dueDateChanged({ dueDate: iso(900), closesAt: iso(900), setupDeadlineAt: iso(111) }),
    ]);
    expect(nextDeadline(story.state)).toEqual({ scope: 'setup', at: at(111) });
    expect(story.after(does.start(106)).state.status).toBe('in_progress');
  });

  it('cannot be changed after the submission, or after a cancellation', () => {
    submitted().refuses(does.adjust(31, { dueDate: at(900) }), 'session_closed');
    cancelled().refuses(does.adjust(31, { dueDate: at(900) }), 'session_closed');
  });
});

describe("the assessment's due date", () => {
  const inherited = (data: object) =>
    dueDateChanged({ source: 'assessment', by: 'policy', assessmentRevision: 4, ...data });

  it('reaches the session as a fact of its own', () => {
    const story = inProgress().appends(does.inherit(5, 30), [
      inherited({ dueDate: null, assessmentDueDate: iso(30), closesAt: iso(30) }),
    ]);
    expect(nextDeadline(story.state)).toEqual({ scope: 'due_date', at: at(30) });
  });

  it("gives way to the session's own", () => {
    const story = inProgress(PLAN, { dueDate: at(50) }).after(does.inherit(5, 30));
    expect(nextDeadline(story.state)!.at).toBe(at(50));
  });

  it('that has passed ends the session at the change, not before what was done since', () => {
    const story = inProgress().appends(does.inherit(20, 5), [
      inherited({ dueDate: null, assessmentDueDate: iso(5), closesAt: iso(20) }),
    ]);
    expect(story.after(does.closeDue(25)).state).toMatchObject({ submittedAt: at(20), submittedBy: 'due_date' });
    expect(effectiveDueDate(story.state)).toBe(at(5));
  });

  it('told twice, or told by an older revision, changes nothing', () => {
    const story = inProgress().after(does.inherit(5, 30, 6));
    story
      .leavesAlone(does.inherit(6, 30, 6))
      .leavesAlone(does.inherit(7, 45, 6))
      .leavesAlone(does.inherit(8, 45, 5));
  });

  it('says nothing to a session that is over', () => {
    submitted().leavesAlone(does.inherit(40, 300));
  });
});

describe('added minutes', () => {
  const extended = (scope: string, deadline: number) => ({
    type: 'time_extended',
    data: { scope, phaseIndex: 0, minutes: 7, deadlineAt: iso(deadline), by: 'key-1', reason: null },
  });

  it('extend the timer that runs', () => {
    inSetup().appends(does.adjust(5, { addMinutes: 7 }), [extended('setup', 18)]);
    const story = inProgress().appends(does.adjust(5, { addMinutes: 7 }), [extended('phase', 69)]);
    story.leavesAlone(does.closeDue(69));
    expect(story.after(does.closeDue(69.1)).state.submittedAt).toBe(at(69));
  });

  it('come too late for what is submitted', () => {
    timedOut().refuses(does.adjust(71, { addMinutes: 7 }), 'session_closed');
  });
});

describe('reopening', () => {
  const reopened = (more: object) => ({
    type: 'session_reopened',
    data: {
      reopenedAt: iso(70),
      phaseIndex: 0,
      minutes: 15,
      deadlineAt: iso(85),
      dueDate: null,
      closesAt: null,
      by: 'key-1',
      reason: 'outage',
      ...more,
    },
  });

  it('lets what the clock submitted go on for so many minutes, with its last checkpoint', () => {
    const story = inProgress()
      .after(does.checkpoint(20, 'draft'))
      .after(does.closeDue(63))
      .appends(does.reopen(70), [reopened({})]);
    expect(story.state).toMatchObject({ status: 'in_progress', submittedAt: null, snapshot: null, closedAt: null });
    expect(story.state.checkpoint!.artifactId).toBe('artifact-draft');
    expect(story.after(does.closeDue(90)).state).toMatchObject({ submittedAt: at(85), submittedBy: 'timer' });
  });

  it('moves a due date that would cut it short', () => {
    const story = inProgress(PLAN, { dueDate: at(40) }).after(does.closeDue(41));
    const after = story.appends(does.reopen(70), [reopened({ dueDate: iso(85), closesAt: iso(85) })]);
    expect(nextDeadline(after.state)!.at).toBe(at(85));
  });

  it('never begins before the close, though received earlier by another process', () => {
    const story = inProgress().after(does.closeDue(63));
    story.appends(does.reopen(61.5), [reopened({ reopenedAt: iso(62), deadlineAt: iso(77) })]);
  });

  it('leaves a due date that comes later', () => {
    const story = inProgress(PLAN, { dueDate: at(400) }).after(does.closeDue(63));
    story.appends(does.reopen(70), [reopened({ dueDate: iso(400), closesAt: iso(400) })]);
  });

  it('is refused for what the candidate submitted', () => {
    submitted().refuses(does.reopen(70), 'invalid_status_transition', {
      from: 'submitted',
      to: 'in_progress',
      allowed: ['scoring', 'in_progress'],
      submittedBy: 'candidate',
    });
  });

  it('sets a score under way aside: its run is refused from then on', () => {
    const story = inScoring().after(does.reopen(72));
    story.refuses(does.recordScore(73), 'invalid_status_transition');
  });

  it('sets a score aside and keeps it in the history', () => {
    const { scoring } = scored().after(does.reopen(75)).state;
    expect(scoring).toMatchObject({ currentRunId: null, request: null, runs: [{ runId: 'run-1', setAside: true }] });
  });

  it('goes together with more changes, all of it or nothing', () => {
    const both = { reopen: { minutes: 15, reason: 'outage' }, dueDate: at(300), addMinutes: 5 };
    const story = timedOut().after(does.adjust(70, both));
    expect(story.types.slice(-3)).toEqual(['session_reopened', 'due_date_changed', 'time_extended']);
    expect(nextDeadline(story.state)!.at).toBe(at(90));
    const impossible = { ...both, dueDate: at(69) };
    timedOut().refuses(does.adjust(70, impossible), 'due_date_in_past');
    const cascade = inProgress().after(does.closeDue(70)).events.slice(3);
    inProgress().refusesAfter(cascade, does.adjust(70, impossible), 'due_date_in_past');
  });
});
