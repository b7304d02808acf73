import { describe, expect, it } from '@jest/globals';
import { at, deliverable, does, inProgress, inSetup, invited, iso, planOf } from '../testing/sample-session.js';
import { CHECKPOINT_BYTES_LIMIT, CHECKPOINT_LIMIT } from './limits.js';
import { phaseSeen } from './phases.js';

const TWO = planOf(10, 20, 30);

describe('a checkpoint', () => {
  it('is kept as a reference and a hash of its content', () => {
    const story = inProgress().appends(does.checkpoint(5, 'draft'), [
      {
        type: 'checkpoint_saved',
        data: { phaseIndex: 0, ...deliverable('draft'), savedAt: iso(5) },
      },
    ]);
    expect(story.state.checkpoint).toEqual({ phaseIndex: 0, ...deliverable('draft'), revision: 3 });
  });

  it('that says what the last one said is no event', () => {
    const story = inProgress().after(does.checkpoint(5, 'draft')).leavesAlone(does.checkpoint(6, 'draft'));
    story.after(does.checkpoint(7, 'better')).after(does.checkpoint(8, 'draft'));
  });

  it('is no activity: it takes no ordinal', () => {
    expect(inProgress().after(does.checkpoint(5, 'draft')).state.activities.length).toBe(0);
  });

  it('before the task began is refused with what would be allowed', () => {
    inSetup().refuses(does.checkpoint(2, 'draft'), 'invalid_status_transition', {
      from: 'setup',
      to: 'in_progress',
      allowed: ['in_progress'],
    });
    invited().refuses(does.checkpoint(2, 'draft'), 'invalid_status_transition', {
      from: 'invited',
      to: 'in_progress',
      allowed: ['setup'],
    });
  });
});

it.each([
  ['20,000 checkpoints', { checkpointCount: CHECKPOINT_LIMIT }],
  ['8 GiB of them', { checkpointBytes: CHECKPOINT_BYTES_LIMIT }],
])('a session that holds %s takes no more, but the submission brings its own', (_, held) => {
  const { state } = inProgress().after(does.checkpoint(5, 'draft'));
  const full = { ...state, ...held };
  expect(does.checkpoint(6, 'draft')(full).events).toEqual([]);
  expect(() => does.checkpoint(6, 'better')(full)).toThrow(expect.objectContaining({ code: 'session_event_limit' }));
  expect(
    does
      .submit(
        6,
        'final',
      )(full)
      .events.map(({ type }) => type),
  ).toContain('checkpoint_saved');
});

describe('advancing', () => {
  const advanced = (minute: number, reported: number | null, server: number, saved: string | null = null) => ({
    type: 'phase_advanced',
    data: {
      callerId: null,
      timestampMs: at(minute),
      phase: 'task',
      phaseIndex: 0,
      ordinal: 0,
      via: 'candidate',
      body: {
        fromPhaseIndex: 0,
        toPhaseIndex: 1,
        trigger: 'candidate',
        artifactId: saved && deliverable(saved).artifactId,
        deliverableSha256: saved && deliverable(saved).sha256,
        timeRemainingReportedS: reported,
        timeRemainingServerS: server,
        deadlineAt: iso(minute + 30),
      },
    },
  });

  it('gives the next phase its whole time: unused seconds are not carried over', () => {
    const story = inProgress(TWO).appends(does.advance(12, 0), [advanced(12, null, 600)], { newPhaseIndex: 1 });
    expect(story.state).toMatchObject({ phaseIndex: 1, phaseStartedAt: at(12), phaseDeadlineAt: at(42) });
  });

  it('saves the deliverable of the phase it leaves, for good', () => {
    const story = inProgress(TWO)
      .after(does.checkpoint(5, 'draft'))
      .appends(does.advance(12, 0, 'final'), [
        { type: 'checkpoint_saved', data: { phaseIndex: 0, ...deliverable('final'), savedAt: iso(12) } },
        advanced(12, null, 600, 'final'),
      ]);
    expect(story.state.checkpoint).toBeNull();
    const later = story.after(does.checkpoint(13, 'second part')).after(does.submit(14));
    expect(later.state.snapshot!.deliverables.map(({ phaseIndex, artifactId }) => [phaseIndex, artifactId])).toEqual([
      [0, 'artifact-final'],
      [1, 'artifact-second part'],
    ]);
  });

  it('lets the same content begin the next phase', () => {
    const story = inProgress(TWO)
      .after(does.advance(12, 0, 'same'))
      .after(does.checkpoint(13, 'same'));
    expect(story.state.checkpoint).toMatchObject({ phaseIndex: 1, artifactId: 'artifact-same' });
  });

  it("notes the client's timer when it is more than 5 s off", () => {
    inProgress(TWO).appends(does.advance(12, 0, undefined, 605), [advanced(12, 605, 600)]);
    inProgress(TWO).appends(does.advance(12, 0, undefined, 594), [
      advanced(12, 594, 600),
      {
        type: 'security_flag',
        data: {
          callerId: null,
          timestampMs: at(12),
          phase: 'task',
          phaseIndex: 1,
          ordinal: 1,
          via: 'system',
          body: {
            code: 'clock_skew',
            severity: 'low',
            source: 'server',
            evidence: { fromPhaseIndex: 0, timeRemainingReportedS: 594, timeRemainingServerS: 600 },
          },
        },
      },
    ]);
  });

  it('from another phase than the session is in is refused with the phase it is in', () => {
    inProgress(TWO)
      .after(does.advance(12, 0))
      .refuses(does.advance(13, 0), 'phase_conflict', { currentPhaseIndex: 1, expectedPhaseIndex: 0 });
  });

  it('that lost against the timer of its phase is refused, and never skips the next one', () => {
    const before = inProgress(TWO);
    const cascade = before.after(does.closeDue(23)).events.slice(3);
    before.refusesAfter(cascade, does.advance(23, phaseSeen(before.state)), 'phase_conflict', {
      currentPhaseIndex: 1,
      expectedPhaseIndex: 0,
    });
  });

  it('out of the last phase is refused', () => {
    inProgress().refuses(does.advance(5, 0), 'no_next_phase', { currentPhaseIndex: 0 });
  });
});
