import { describe, expect, it } from '@jest/globals';
import { currentDeadline } from '../session.state.js';
import { at, does, inProgress, inSetup, invited, iso, message, PLAN, planOf } from '../testing/sample-session.js';
import { nextDeadline } from './deadlines.js';

const TWO = planOf(10, 20, 30);

/** What the clock wrote, as type and moment. */
const stamps = (events: readonly { readonly type: string; readonly data: object }[]) =>
  events.map(({ type, data }) => {
    const moment =
      'timestampMs' in data ? data.timestampMs : 'startedAt' in data ? Date.parse(String(data.startedAt)) : 0;
    return [type, moment === 0 ? null : (Number(moment) - at(0)) / 60_000];
  });

const activity = (minute: number, ordinal: number, phaseIndex: number, via: string, body: object, phase = 'task') => ({
  callerId: null,
  timestampMs: at(minute),
  phase,
  phaseIndex,
  ordinal,
  via,
  body,
});

describe('the clock', () => {
  it('lets a moment pass that is exactly the deadline', () => {
    inSetup().leavesAlone(does.closeDue(11));
    inProgress().leavesAlone(does.closeDue(62));
  });

  it('ends the setup by starting the task, not by submitting', () => {
    const { state, events } = inSetup().after(does.closeDue(12));
    expect(state.status).toBe('in_progress');
    expect(stamps(events.slice(2))).toEqual([
      ['time_expired', 11],
      ['task_started', 11],
    ]);
  });

  it('ends a phase by advancing with its last checkpoint', () => {
    const story = inProgress(TWO).after(does.checkpoint(5, 'draft'));
    story.appends(does.closeDue(23), [
      {
        type: 'time_expired',
        data: activity(22, 0, 0, 'system', {
          scope: 'phase',
          phaseIndex: 0,
          deadlineAt: iso(22),
          autoSubmitted: false,
        }),
      },
      {
        type: 'phase_advanced',
        data: activity(22, 1, 0, 'system', {
          fromPhaseIndex: 0,
          toPhaseIndex: 1,
          trigger: 'timer',
          artifactId: 'artifact-draft',
          deliverableSha256: Buffer.from('draft').toString('hex'),
          timeRemainingReportedS: null,
          timeRemainingServerS: 0,
          deadlineAt: iso(52),
        }),
      },
    ]);
  });

  it('ends the last phase by submitting its last checkpoint, with the snapshot', () => {
    const story = inProgress().after(does.checkpoint(40, 'final'));
    const after = story.after(does.closeDue(70));
    expect(after.types.slice(-3)).toEqual(['time_expired', 'task_submitted', 'config_snapshot_taken']);
    const artifact = { phaseIndex: 0, artifactId: 'artifact-final', sha256: Buffer.from('final').toString('hex') };
    expect(after.events.at(-2)!.data).toMatchObject({
      timestampMs: at(62),
      via: 'system',
      body: { trigger: 'timer', artifacts: [artifact], elapsedMs: 60 * 60_000 },
    });
    expect(after.state).toMatchObject({ status: 'submitted', submittedAt: at(62), submittedBy: 'timer' });
    expect(after.state.snapshot).toMatchObject({ deliverables: [artifact], atSeq: after.state.revision - 1 });
  });

  it('ends the work at the due date, whatever phase it is in', () => {
    const story = inProgress(TWO, { dueDate: at(15) }).after(does.closeDue(16));
    expect(story.state).toMatchObject({
      status: 'submitted',
      submittedAt: at(15),
      submittedBy: 'due_date',
      phaseIndex: 0,
    });
    expect(story.events.at(-3)!.data).toMatchObject({
      body: { scope: 'due_date', deadlineAt: iso(15), autoSubmitted: true },
    });
  });

  it('lets a due date in the setup pass in silence: the session waits for a later one', () => {
    const story = inSetup(PLAN, { dueDate: at(5) }).leavesAlone(does.closeDue(100));
    expect(nextDeadline(story.state)).toBeNull();
  });

  it('does nothing for a session that nobody opened', () => {
    expect(nextDeadline(invited({ dueDate: at(5) }).leavesAlone(does.closeDue(100)).state)).toBeNull();
  });

  it('fires everything that was missed in one append, each at its own time, the next counting from it', () => {
    const story = inSetup(TWO).after(does.closeDue(100_000));
    expect(stamps(story.events.slice(2))).toEqual([
      ['time_expired', 11],
      ['task_started', 11],
      ['time_expired', 31],
      ['phase_advanced', 31],
      ['time_expired', 61],
      ['task_submitted', 61],
      ['config_snapshot_taken', null],
    ]);
    expect(story.state.submittedAt).toBe(at(61));
  });

  it('has nothing left to fire after that', () => {
    inSetup(TWO).after(does.closeDue(100_000)).leavesAlone(does.closeDue(200_000));
  });

  it('is told once a deadline: two schedulers write it once', () => {
    const story = inProgress().after(does.closeDue(63)).leavesAlone(does.closeDue(63));
    expect(story.types.filter((type) => type === 'time_expired')).toHaveLength(1);
  });
});

describe('at one and the same moment', () => {
  it("the last phase's timer goes before the due date", () => {
    expect(nextDeadline(inProgress(PLAN, { dueDate: at(62) }).state)).toEqual({ scope: 'task', at: at(62) });
  });

  it('the due date goes before another phase', () => {
    expect(nextDeadline(inProgress(TWO, { dueDate: at(22) }).state)).toEqual({ scope: 'due_date', at: at(22) });
  });

  it('the due date goes before the end of the setup', () => {
    expect(nextDeadline(inSetup(PLAN, { dueDate: at(11) }).state)).toBeNull();
  });
});

describe('every command', () => {
  it('finds the session as the clock left it', () => {
    const story = inSetup().after(does.record(12, [message('m-1')]));
    expect(story.types.slice(2)).toEqual(['time_expired', 'task_started', 'user_message']);
    expect(story.events.at(-1)!.data).toMatchObject({ phase: 'task', ordinal: 1 });
  });

  it('that is then refused leaves the cascade standing', () => {
    const cascade = inProgress().after(does.closeDue(63)).events.slice(3);
    const story = inProgress().refusesAfter(cascade, does.checkpoint(63, 'late'), 'session_closed', {
      status: 'submitted',
      closedReason: 'submitted',
      closedAt: iso(62),
    });
    expect(story.state.status).toBe('submitted');
    story.refuses(does.checkpoint(63, 'late'), 'session_closed');
  });
});

it("the candidate's timer shows the due date when that is sooner", () => {
  expect(currentDeadline(inProgress(PLAN, { dueDate: at(30) }).state)).toBe(at(30));
  expect(currentDeadline(inProgress(PLAN, { dueDate: at(90) }).state)).toBe(at(62));
  expect(currentDeadline(inProgress().after(does.submit(10)).state)).toBeNull();
  expect(currentDeadline(invited().state)).toBeNull();
});
