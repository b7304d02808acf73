import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#platform';
import { submit } from '../session.decider.js';
import {
  at,
  cancelled,
  deliverable,
  does,
  inProgress,
  inSetup,
  invitation,
  invited,
  iso,
  PLAN,
  reviewed,
  submitted,
  timedOut,
} from '../testing/sample-session.js';

const { sessionId } = invitation();
const ref = (name: string) => ({
  phaseIndex: 0,
  artifactId: deliverable(name).artifactId,
  sha256: deliverable(name).sha256,
});
const won = { submittedAt: at(30), submittedBy: 'candidate' };
const lost = { submittedAt: at(62), submittedBy: 'timer' };

describe('a submission', () => {
  it('comes with the deliverable and the snapshot in one append', () => {
    const snapshotId = derivedId('snapshot', sessionId, 4);
    const story = inProgress().appends(
      does.submit(30, 'final'),
      [
        { type: 'checkpoint_saved', data: { phaseIndex: 0, ...deliverable('final'), savedAt: iso(30) } },
        {
          type: 'task_submitted',
          data: {
            callerId: null,
            timestampMs: at(30),
            phase: 'task',
            phaseIndex: 0,
            ordinal: 0,
            via: 'candidate',
            body: { trigger: 'candidate', artifacts: [ref('final')], snapshotId, elapsedMs: 28 * 60_000 },
          },
        },
        {
          type: 'config_snapshot_taken',
          data: {
            snapshotId,
            skills: [],
            memory: [],
            agentsMd: { sha256: null },
            connectors: [],
            model: null,
            candidatePermissions: { can_add_skills: true },
            assessmentVersion: 4,
            rubricVersion: 1,
            deliverables: [ref('final')],
            atSeq: 4,
          },
        },
      ],
      { submittedAt: at(30), submittedBy: 'candidate' },
    );
    expect(story.facts[4]!.type).toBe('task_submitted');
  });

  it('without a deliverable takes the last checkpoint', () => {
    const story = inProgress().after(does.checkpoint(20, 'draft')).after(does.submit(30));
    expect(story.state.snapshot!.deliverables).toEqual([ref('draft')]);
  });

  it('again is answered like the first', () => {
    submitted().leavesAlone(does.submit(31), won).leavesAlone(does.submit(300), won);
    reviewed().leavesAlone(does.submit(300), lost);
  });

  it('received at the very deadline wins', () => {
    const story = inProgress().after(does.submit(62, 'final'));
    expect(story.state).toMatchObject({ submittedAt: at(62), submittedBy: 'candidate' });
    expect(story.types).not.toContain('time_expired');
  });

  it('before the task began is refused', () => {
    inSetup().refuses(does.submit(2), 'invalid_status_transition', {
      from: 'setup',
      to: 'submitted',
      allowed: ['in_progress'],
    });
    invited().refuses(does.submit(2), 'invalid_status_transition', {
      from: 'invited',
      to: 'submitted',
      allowed: ['setup'],
    });
  });

  it('of a cancelled session is refused', () => {
    cancelled().refuses(does.submit(21), 'session_closed');
  });
});

describe('a submit that lost against the clock', () => {
  it('is answered with what the clock did', () => {
    timedOut().leavesAlone(does.submit(71), lost);
    const story = inProgress().after(does.submit(63));
    expect(story.types.filter((type) => type === 'task_submitted')).toHaveLength(1);
    expect(story.state).toMatchObject(lost);
  });

  it('has its work kept beside the submission for 30 s, once', () => {
    const late = { phaseIndex: 0, ...deliverable('late'), savedAt: iso(62.5), late: true };
    const story = inProgress()
      .after(does.checkpoint(40, 'draft'))
      .after(does.closeDue(62.1))
      .appends(does.submit(62.5, 'late'), [{ type: 'checkpoint_saved', data: late }], lost)
      .leavesAlone(does.submit(62.5, 'late'), lost)
      .leavesAlone(does.submit(62.6, 'later'), lost);
    expect(story.state.snapshot!.deliverables).toEqual([ref('draft')]);
  });

  it('has its work taken up when the session is reopened', () => {
    const story = inProgress().after(does.submit(62.5, 'late')).after(does.reopen(70)).after(does.submit(71));
    expect(story.state.snapshot!.deliverables).toEqual([ref('late')]);
  });
});

describe('cancelling', () => {
  it('closes the session and leaves its status', () => {
    const story = inProgress().appends(does.cancel(20), [
      { type: 'session_cancelled', data: { cancelledAt: iso(20), by: 'key-1', reason: 'Position filled' } },
    ]);
    expect(story.state).toMatchObject({ status: 'in_progress', closedReason: 'cancelled', closedAt: at(20) });
    story.leavesAlone(does.cancel(21)).leavesAlone(does.closeDue(500));
  });

  it('comes too late for what the clock has submitted', () => {
    const cascade = inProgress().after(does.closeDue(63)).events.slice(3);
    inProgress().refusesAfter(cascade, does.cancel(63), 'invalid_status_transition', {
      from: 'submitted',
      to: 'cancelled',
      allowed: ['scoring', 'in_progress'],
    });
  });
});

describe('deleting', () => {
  it('is terminal, and adds nothing that is overdue', () => {
    const story = inProgress().appends(does.remove(500), [
      { type: 'session_deleted', data: { deletedAt: iso(500), by: 'key-1', reason: 'requested' } },
    ]);
    expect(story.state).toMatchObject({ deleted: true, status: null, sessionId, candidateId: '' });
    story
      .refuses(does.remove(501), 'not_found')
      .refuses((state) => submit(state, { now: at(501), deliverable: null }), 'not_found');
    expect(invited({ plan: PLAN }).after(does.remove(1)).state.deleted).toBe(true);
  });
});
