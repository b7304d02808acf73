import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#platform';
import { ACTIVITY_TYPES, SERVER_ACTIVITY_TYPES } from '../session.events.js';
import { settle } from '../session.outcome.js';
import type { ActivityItem, BatchAnswer, RejectedItem } from '../session.requests.js';
import type { Story } from '../testing/given-when-then.js';
import {
  at,
  cancelled,
  does,
  inProgress,
  inSetup,
  invitation,
  invited,
  message,
  PLAN,
  submitted,
  T0,
} from '../testing/sample-session.js';
import { recordActivities, wholeBatch } from './activities.js';
import { EVENT_BYTES, EVENT_LIMIT } from './limits.js';

const item = (id: string, type: string, data: object = {}, more: object = {}): ActivityItem => ({
  id,
  type,
  timestampMs: T0,
  data,
  ...more,
});

const answerOf = (story: Story, minute: number, items: readonly ActivityItem[]): BatchAnswer =>
  settle(does.record(minute, items)(story.state).answer);
const codes = (rejected: readonly RejectedItem[]) => rejected.map(({ index, id, code }) => [index, id, code]);

describe('a batch', () => {
  it('is stored in order, each event under an id that follows from session and caller', () => {
    const story = inProgress().appends(
      does.record(5, [
        message('m-1', { content: 'hello', own: [1] }),
        item('e-1', 'manual_edit', { targetPath: 'a.ts' }),
      ]),
      [
        {
          type: 'user_message',
          data: {
            callerId: 'm-1',
            timestampMs: T0,
            phase: 'task',
            phaseIndex: 0,
            ordinal: 0,
            via: 'candidate',
            body: { content: 'hello', own: [1], charCount: 5 },
          },
        },
        {
          type: 'manual_edit',
          data: {
            callerId: 'e-1',
            timestampMs: T0,
            phase: 'task',
            phaseIndex: 0,
            ordinal: 1,
            via: 'candidate',
            body: { targetPath: 'a.ts' },
          },
        },
      ],
      { accepted: ['m-1', 'e-1'], duplicates: [], rejected: [], lastSeq: 4 },
    );
    expect(story.facts[3]!.id).toBe(derivedId('activity', invitation().sessionId, 'm-1'));
    expect(story.state.activities.revisions(0, 10)).toEqual([3, 4]);
  });

  it('sent again is all duplicates and stores nothing', () => {
    const batch = [message('m-1'), message('m-2')];
    inProgress()
      .after(does.record(5, batch))
      .leavesAlone(does.record(6, batch), { accepted: [], duplicates: ['m-1', 'm-2'], rejected: [], lastSeq: 4 });
  });

  it('takes an id once, whatever else it says the second time', () => {
    const story = inProgress().after(does.record(5, [message('m-1')]));
    const again = [
      item('m-1', 'no_such_type'),
      { id: 'm-1' },
      item('m-1', 'task_submitted'),
      message('m-2'),
      message('m-2'),
    ];
    expect(answerOf(story, 6, again)).toEqual({
      accepted: ['m-2'],
      duplicates: ['m-1', 'm-1', 'm-1', 'm-2'],
      rejected: [],
      lastSeq: 4,
    });
  });

  it('lets an id that was rejected be used', () => {
    const { accepted, rejected } = answerOf(inProgress(), 5, [item('m-1', 'no_such_type'), message('m-1')]);
    expect(accepted).toEqual(['m-1']);
    expect(codes(rejected)).toEqual([[0, 'm-1', 'unknown_event_type']]);
  });

  it('names what it cannot take and takes the rest', () => {
    const faulty: ActivityItem[] = [
      null,
      'text',
      [],
      {},
      item('', 'user_message'),
      item('x'.repeat(129), 'user_message'),
      item('\ud800', 'user_message'),
      { ...(message('a') as object), timestampMs: 1.5 },
      { ...(message('a') as object), timestampMs: -1 },
      { ...(message('a') as object), timestampMs: 8_640_000_000_000_001 },
      { ...(message('a') as object), timestampMs: '5' },
      { ...(message('a') as object), data: [] },
      { ...(message('a') as object), data: null },
      { ...(message('a') as object), phase: 'review' },
      { ...(message('a') as object), type: 7 },
      item('a', 'keystroke'),
      item('a', 'toString'),
    ];
    const { accepted, rejected } = answerOf(inProgress(), 5, [...faulty, message('fine')]);
    expect(accepted).toEqual(['fine']);
    expect(rejected.map(({ code }) => code)).toEqual([
      ...new Array(15).fill('invalid_event'),
      'unknown_event_type',
      'unknown_event_type',
    ]);
    expect(rejected.every(({ message: why, index }, at) => why.length > 10 && index === at)).toBe(true);
  });

  it('takes ids and times at their limits', () => {
    const items = [
      { ...(message('x'.repeat(128)) as object), timestampMs: 0 },
      { ...(message('😀'.repeat(128)) as object), timestampMs: 8_640_000_000_000_000 },
    ];
    expect(answerOf(inProgress(), 5, items).accepted).toHaveLength(2);
  });

  it.each(SERVER_ACTIVITY_TYPES)('may not tell %s, which the server alone makes', (type) => {
    expect(codes(answerOf(inProgress(), 5, [item('a', type)]).rejected)).toEqual([[0, 'a', 'forbidden_event_type']]);
  });

  it('may tell each of the other thirty', () => {
    const told = ACTIVITY_TYPES.filter((type) => !(SERVER_ACTIVITY_TYPES as readonly string[]).includes(type));
    const { accepted } = answerOf(
      inProgress(),
      5,
      told.map((type) => item(type, type)),
    );
    expect(accepted).toEqual(told);
    expect(accepted).toHaveLength(30);
  });

  it('refuses one event of more than 256 KiB', () => {
    const frame = Buffer.byteLength(JSON.stringify(item('a', 'user_message', { content: '' })));
    const fitting = message('a', { content: 'x'.repeat(EVENT_BYTES - frame) });
    const large = message('b', { content: 'x'.repeat(EVENT_BYTES - frame + 1) });
    const { accepted, rejected } = answerOf(inProgress(), 5, [fitting, large]);
    expect(accepted).toEqual(['a']);
    expect(codes(rejected)).toEqual([[1, 'b', 'event_too_large']]);
  });

  it('ends at 20,000 events; known ids stay duplicates', () => {
    const many = Array.from({ length: EVENT_LIMIT - 1 }, (_, index) => message(`m-${index}`));
    const { accepted, lastSeq } = answerOf(inProgress(), 5, many);
    expect(accepted).toHaveLength(EVENT_LIMIT - 1);
    expect(lastSeq).toBe(EVENT_LIMIT + 1);
    const full = answerOf(inProgress(), 5, [...many, message('last'), message('too many'), message('m-0')]);
    expect(full.accepted.at(-1)).toBe('last');
    expect(codes(full.rejected)).toEqual([[EVENT_LIMIT, 'too many', 'session_event_limit']]);
    expect(full.duplicates).toEqual(['m-0']);
  });

  it("counts its items from the caller's first, when it is one part of a larger batch", () => {
    const request = { now: at(5), via: 'candidate', items: [null], firstIndex: 250 } as const;
    expect(codes(settle(recordActivities(inProgress().state, request).answer).rejected)).toEqual([
      [250, null, 'invalid_event'],
    ]);
  });

  it('before the session is opened is refused', () => {
    invited().refuses(does.record(1, [message('a')]), 'invalid_status_transition', {
      from: 'invited',
      to: 'setup',
      allowed: ['setup'],
    });
  });
});

describe('after the close', () => {
  it('events are kept for 30 s, marked late, and count in nothing', () => {
    const uploaded = item('s-1', 'skill_uploaded', { skillId: 's', name: 'Late skill' });
    const story = submitted().after(does.record(30.5, [message('a'), uploaded]));
    expect(story.events.slice(-2).map(({ data }) => data)).toMatchObject([
      { late: true, ordinal: 1 },
      { late: true, ordinal: 2 },
    ]);
    expect(story.state.lastActivityAt).toBeNull();
    expect(story.state.config).toEqual(submitted().state.config);
    expect(story.state.activities.count('user_message')).toBe(1);
  });

  it('later ones are rejected, known ones are duplicates', () => {
    const story = submitted().after(does.record(30.5, [message('known')]));
    const answer = answerOf(story, 30.501, [message('known'), message('new')]);
    expect(answer.duplicates).toEqual(['known']);
    expect(codes(answer.rejected)).toEqual([[1, 'new', 'session_closed']]);
    expect(wholeBatch([answer])).toEqual(answer);
  });

  it('a batch of nothing else is 409; one with a known id, or a malformed one, is not', () => {
    const story = submitted().after(does.record(30.5, [message('known')]));
    const closed = answerOf(story, 40, [message('new'), message('newer')]);
    expect(() => wholeBatch([closed, answerOf(story, 40, [message('newest')])])).toThrow(
      expect.objectContaining({ code: 'session_closed', status: 409 }),
    );
    expect(wholeBatch([closed, answerOf(story, 40, [message('known')])]).duplicates).toEqual(['known']);
    expect(wholeBatch([closed, answerOf(story, 40, [null])]).rejected).toHaveLength(3);
  });

  it('the 30 s run from the deadline, not from when somebody noticed it', () => {
    const story = inProgress();
    expect(answerOf(story, 62.5, [message('a')]).accepted).toEqual(['a']);
    expect(codes(answerOf(story, 62.6, [message('a')]).rejected)).toEqual([[0, 'a', 'session_closed']]);
  });

  it('holds for a cancelled session too, and for a setup whose due date has passed', () => {
    expect(
      cancelled()
        .after(does.record(20.5, [message('a')]))
        .events.at(-1)!.data,
    ).toMatchObject({ late: true });
    expect(codes(answerOf(cancelled(), 21, [message('a')]).rejected)).toEqual([[0, 'a', 'session_closed']]);
    const expired = inSetup(PLAN, { dueDate: at(5) });
    expect(expired.after(does.record(5.5, [message('a')])).events.at(-1)!.data).toMatchObject({
      late: true,
      phase: 'setup',
    });
    expect(codes(answerOf(expired, 6, [message('a')]).rejected)).toEqual([[0, 'a', 'session_closed']]);
  });
});

it('the last activity is the last one that a caller told, by the clock of the server', () => {
  const story = inProgress().after(does.record(5, [message('a')]), at(5));
  expect(story.after(does.closeDue(70), at(70)).state.lastActivityAt).toBe(at(5));
});

describe('what an event says about itself', () => {
  const stored = (story: Story, told: ActivityItem, via: 'candidate' | 'runtime' = 'candidate') =>
    story.after(does.record(5, [told], via)).events.at(-1)!.data;

  it('out of its phase it is kept, marked, with a note', () => {
    expect(stored(inSetup(), item('a', 'slide_added'))).toMatchObject({
      phase: 'setup',
      outOfPhase: true,
      note: 'belongs_to_task',
    });
    expect(stored(inProgress(), item('a', 'slide_added'))).not.toHaveProperty('outOfPhase');
  });

  it("the phase is the server's word, except for what a client kept back from the setup", () => {
    expect(stored(inSetup(), item('a', 'skill_created', {}, { phase: 'task' }))).toMatchObject({ phase: 'setup' });
    expect(stored(inProgress(), item('a', 'skill_created', {}, { phase: 'setup' }))).toMatchObject({ phase: 'setup' });
    expect(stored(inProgress(), item('a', 'skill_created'))).toMatchObject({ phase: 'task' });
  });

  it.each(['ai_response', 'ai_tool_use'])(
    "%s with the candidate's token is marked as the candidate's claim",
    (type) => {
      expect(stored(inProgress(), item('a', type))).toMatchObject({ via: 'candidate', claim: true });
      const vouched = stored(inProgress(), item('a', type), 'runtime');
      expect(vouched).toMatchObject({ via: 'runtime' });
      expect(vouched).not.toHaveProperty('claim');
    },
  );

  it("the candidate's own doings are no claim", () => {
    expect(stored(inProgress(), message('a'))).not.toHaveProperty('claim');
  });
});
