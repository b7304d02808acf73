import { describe, expect, it } from '@jest/globals';
import { invite } from '../session.decider.js';
import type { InviteRequest } from '../session.requests.js';
import { accessExpired, currentDeadline, effectiveDueDate } from '../session.state.js';
import { Story } from '../testing/given-when-then.js';
import { at, does, inSetup, invitation, invited, iso, PLAN, planOf, T0 } from '../testing/sample-session.js';

const inviting =
  (more: Partial<InviteRequest> = {}) =>
  (state: Story['state']) =>
    invite(state, invitation(more));

const setupStarted = { type: 'setup_started', data: { startedAt: iso(1), deadlineAt: iso(11), plan: PLAN } };
const taskStarted = (trigger: string, from: number, to: number) => ({
  type: 'task_started',
  data: { startedAt: iso(from), trigger, phaseIndex: 0, deadlineAt: iso(to) },
});

describe('an invitation', () => {
  it('makes the session with all that its first readers need', () => {
    const story = Story.unwritten.appends(
      inviting({ dueDate: at(600), assessmentDueDate: at(900) }),
      [
        {
          type: 'session_invited',
          data: {
            sessionId: '00000000-0000-5000-8000-000000000001',
            assessmentId: 'assessment-1',
            assessmentRevision: 3,
            candidateId: 'candidate-1',
            attempt: 1,
            dueDate: iso(600),
            assessmentDueDate: iso(900),
            sendEmail: true,
            plan: PLAN,
          },
        },
      ],
      { created: true },
    );
    expect(story.state.status).toBe('invited');
    expect(effectiveDueDate(story.state)).toBe(at(600));
  });

  it('again, with other values, changes nothing', () => {
    invited().leavesAlone(inviting({ dueDate: at(5), sendEmail: false }), { created: false });
  });

  it('with a due date that has passed is refused', () => {
    Story.unwritten.refuses(inviting({ dueDate: T0 }), 'due_date_in_past', { dueDate: iso(0) });
    Story.unwritten.refuses(inviting({ assessmentDueDate: at(-1) }), 'due_date_in_past', { dueDate: iso(-1) });
  });

  it('again, after the due date, is answered like the first', () => {
    invited({ dueDate: at(5) }).leavesAlone(inviting({ now: at(10), dueDate: at(5) }), { created: false });
  });
});

describe('opening', () => {
  it('starts the setup timer and pins the plan as it is now', () => {
    const newer = { ...planOf(5, 20, 30), assessmentRevision: 8 };
    const story = invited().appends(does.open(1, newer), [
      { type: 'setup_started', data: { startedAt: iso(1), deadlineAt: iso(6), plan: newer } },
    ]);
    expect(story.state).toMatchObject({ status: 'setup', plan: newer, setupStartedAt: at(1) });
    expect(currentDeadline(story.state)).toBe(at(6));
  });

  it('without a setup phase starts the task in the same append', () => {
    const plan = planOf(0, 60);
    const story = invited({ plan }).appends(does.open(1, plan), [
      { type: 'setup_started', data: { startedAt: iso(1), deadlineAt: iso(1), plan } },
      taskStarted('no_setup', 1, 61),
    ]);
    expect(story.state.status).toBe('in_progress');
  });

  it('twice happens once', () => {
    inSetup().leavesAlone(does.open(2));
  });

  it('works at the very moment of the due date and is gone after it', () => {
    invited({ dueDate: at(1) }).appends(does.open(1), [setupStarted]);
    const story = invited({ dueDate: at(1) }).refuses(does.open(1.001), 'due_date_passed', { dueDate: iso(1) });
    expect(accessExpired(story.state, at(1))).toBe(false);
    expect(accessExpired(story.state, at(1.001))).toBe(true);
  });
});

describe('starting', () => {
  it('from setup starts the timer of the first phase', () => {
    const story = inSetup().appends(does.start(2), [taskStarted('candidate', 2, 62)]);
    expect(story.state).toMatchObject({ status: 'in_progress', taskStartedAt: at(2), phaseIndex: 0 });
  });

  it('from an invitation opens first', () => {
    invited().appends(does.start(1), [setupStarted, taskStarted('candidate', 1, 61)]);
  });

  it('after the setup timer ended leaves the task that the clock began', () => {
    inSetup().appends(does.start(12), [
      {
        type: 'time_expired',
        data: {
          callerId: null,
          timestampMs: at(11),
          phase: 'setup',
          phaseIndex: 0,
          ordinal: 0,
          via: 'system',
          body: { scope: 'setup', phaseIndex: 0, deadlineAt: iso(11), autoSubmitted: false },
        },
      },
      taskStarted('timer', 11, 71),
    ]);
  });

  it('in setup after the due date is refused', () => {
    inSetup(PLAN, { dueDate: at(5) }).refuses(does.start(6), 'due_date_passed', { dueDate: iso(5) });
  });

  it('never begins before the setup did, though received earlier by another process', () => {
    inSetup().appends(does.start(0.5), [taskStarted('candidate', 1, 61)]);
  });
});

describe('the delivery of an invitation', () => {
  it('is noted once a message', () => {
    const story = invited().appends(does.deliver(1), [
      {
        type: 'invite_delivered',
        data: { delivered: true, channel: 'outbox', messageId: 'mail-1', at: iso(1), reason: null },
      },
    ]);
    story.leavesAlone(does.deliver(2));
    expect(story.after(does.deliver(2, 'mail-1', false)).state.inviteDelivery).toMatchObject({ delivered: false });
    expect(story.after(does.deliver(3, 'mail-2', false)).state.inviteDelivery).toEqual({
      messageId: 'mail-2',
      delivered: false,
      at: at(3),
    });
  });
});
