import { describe, expect, it } from '@jest/globals';
import { isVerbatimError } from '#platform';
import { invite, settle } from './session.decider.js';
import { mayPass, refusedTransition, SESSION_STATUSES, TRANSITIONS } from './session.lifecycle.js';
import type { SessionDecision } from './session.outcome.js';
import type { SessionState } from './session.state.js';
import type { Story } from './testing/given-when-then.js';
import * as sample from './testing/sample-session.js';

const { does } = sample;

/** Every condition a session can be in, none of them with anything overdue at minute 61. */
const conditions = {
  invited: sample.invited(),
  setup: sample.inSetup(sample.planOf(90, 60)),
  in_progress: sample.inProgress(sample.planOf(10, 60, 60)),
  'last phase': sample.inProgress(),
  'submitted by candidate': sample.submitted(),
  'submitted by timer': sample.timedOut(),
  scoring: sample.inScoring(),
  scored: sample.scored(),
  reviewed: sample.reviewed(),
  cancelled: sample.cancelled(),
  deleted: sample.deleted(),
} satisfies Record<string, Story>;

type Condition = keyof typeof conditions;
type Decide = (state: SessionState) => SessionDecision<unknown>;

const NOW = 61;
const commands: Record<string, Decide> = {
  invite: (state) => invite(state, sample.invitation({ now: sample.at(NOW) })),
  open: does.open(NOW),
  start: does.start(NOW),
  record: does.record(NOW, [sample.message('m-1')]),
  checkpoint: does.checkpoint(NOW, 'work'),
  advance: does.advance(NOW, 0),
  submit: does.submit(NOW),
  'due date': does.adjust(NOW, { dueDate: sample.at(500) }),
  minutes: does.adjust(NOW, { addMinutes: 5 }),
  reopen: does.reopen(NOW),
  cancel: does.cancel(NOW),
  delete: does.remove(NOW),
  delivery: does.deliver(NOW),
  inherit: does.inherit(NOW, 500),
  'close due': does.closeDue(NOW),
  'request scoring': does.requestScoring(NOW, 'request-2'),
  'start scoring': does.startScoring(NOW, 'run-1', 30),
  'record score': does.recordScore(NOW, 'run-1'),
  'fail scoring': does.failScoring(NOW, 'run-1'),
  'park scoring': does.parkScoring(NOW, 'run-1'),
  review: does.review(NOW),
  decide: does.decide(NOW),
};

/** What each command does in each condition: `→ status`, `adds` (status stays), `–` (nothing), or the refusal's code. */
const T = 'invalid_status_transition';
const C = 'session_closed';
const N = 'not_found';
// biome-ignore format: a table is read by its columns
const TABLE: Record<keyof typeof commands, readonly string[]> = {
  //                 invited    setup            in_progress    last phase      by candidate    by timer         scoring          scored           reviewed     cancelled  deleted
  invite:            ['–',      '–',             '–',           '–',            '–',            '–',             '–',             '–',             '–',         '–',       N],
  open:              ['→ setup', '–',            '–',           '–',            '–',            '–',             '–',             '–',             '–',         C,         N],
  start:             ['→ in_progress', '→ in_progress', '–',    '–',            '–',            '–',             '–',             '–',             '–',         C,         N],
  record:            [T,        'adds',          'adds',        'adds',         'rejects',      'adds',          'adds',          'adds',          'adds',      'rejects', N],
  checkpoint:        [T,        T,               'adds',        'adds',         C,              C,               C,               C,               C,           C,         N],
  advance:           [T,        T,               'adds',        'no_next_phase', C,             C,               C,               C,               C,           C,         N],
  submit:            [T,        T,               '→ submitted', '→ submitted',  '–',            '–',             '–',             '–',             '–',         C,         N],
  'due date':        ['adds',   'adds',          'adds',        'adds',         C,              C,               C,               C,               C,           C,         N],
  minutes:           [T,        'adds',          'adds',        'adds',         C,              C,               C,               C,               C,           C,         N],
  reopen:            [T,        T,               T,             T,              T,              '→ in_progress', '→ in_progress', '→ in_progress', T,           T,         N],
  cancel:            ['adds',   'adds',          'adds',        'adds',         T,              T,               T,               T,               T,           '–',       N],
  delete:            ['→ gone', '→ gone',        '→ gone',      '→ gone',       '→ gone',       '→ gone',        '→ gone',        '→ gone',        '→ gone',    '→ gone',  N],
  delivery:          ['adds',   'adds',          'adds',        'adds',         'adds',         'adds',          'adds',          'adds',          'adds',      'adds',    '–'],
  inherit:           ['adds',   'adds',          'adds',        'adds',         '–',            '–',             '–',             '–',             '–',         '–',       '–'],
  'close due':       ['–',      '–',             '–',           '–',            '–',            '–',             '–',             '–',             '–',         '–',       '–'],
  'request scoring': [T,        T,               T,             T,              'adds',         'adds',          '–',             'adds',          T,           T,         N],
  'start scoring':   [T,        T,               T,             T,              T,              T,               'adds',          T,               T,           T,         N],
  'record score':    [T,        T,               T,             T,              T,              T,               '→ scored',      '–',             '–',         T,         N],
  'fail scoring':    [T,        T,               T,             T,              T,              T,               '→ submitted',   T,               T,           T,         N],
  'park scoring':    [T,        T,               T,             T,              T,              T,               '→ submitted',   T,               T,           T,         N],
  review:            [T,        T,               T,             T,              T,              T,               T,               '→ reviewed',    'adds',      T,         N],
  decide:            [T,        T,               T,             T,              T,              T,               T,               T,               'adds',      T,         N],
};

const outcome = (story: Story, decide: Decide): string => {
  try {
    const { events, answer } = decide(story.state);
    const result = settle(answer);
    const after = story.after(decide).state;
    if (after.deleted && !story.state.deleted) return '→ gone';
    if (after.status !== story.state.status) return `→ ${after.status}`;
    if (events.length > 0) return 'adds';
    return JSON.stringify(result ?? {}).includes('"rejected":[{') ? 'rejects' : '–';
  } catch (error) {
    if (isVerbatimError(error)) return error.code;
    throw error;
  }
};

describe('what each command does in each condition of a session', () => {
  for (const [command, expected] of Object.entries(TABLE))
    it(`${command}`, () => {
      const names = Object.keys(conditions) as Condition[];
      const found = names.map((name) => [name, outcome(conditions[name], commands[command]!)]);
      expect(found).toEqual(names.map((name, index) => [name, expected[index]]));
    });
});

describe('the table of transitions', () => {
  it('holds these and no others', () => {
    const pairs = SESSION_STATUSES.flatMap((from) =>
      SESSION_STATUSES.filter((to) => mayPass(from, to)).map((to) => `${from} → ${to}`),
    );
    expect(pairs).toEqual([
      'invited → setup',
      'setup → in_progress',
      'in_progress → submitted',
      'submitted → in_progress',
      'submitted → scoring',
      'scoring → in_progress',
      'scoring → submitted',
      'scoring → scored',
      'scored → in_progress',
      'scored → scoring',
      'scored → reviewed',
    ]);
  });

  it.each(SESSION_STATUSES)('a refusal from %s says from where, to where, and what is allowed', (from) => {
    const refusal = refusedTransition(from, 'submitted', 'Not now.');
    expect(refusal.status).toBe(409);
    expect(refusal.details).toEqual({ from, to: 'submitted', allowed: TRANSITIONS[from] });
  });
});
