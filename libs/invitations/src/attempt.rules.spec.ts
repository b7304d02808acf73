import { describe, expect, it } from '@jest/globals';
import type { SessionState } from '#sessions';
import { activeAttempt, attemptsBefore, isActive } from './attempt.rules.js';

const DUE = 2_000;
const session = (change: Partial<SessionState>): SessionState =>
  ({
    status: 'invited',
    closedAt: null,
    closedReason: null,
    closesAt: null,
    createdAt: 1_000,
    ...change,
  }) as SessionState;

describe('an attempt is active', () => {
  it.each(['invited', 'setup', 'in_progress', 'submitted', 'scoring', 'scored'] as const)(
    'while it is %s',
    (status) => {
      expect(isActive(session({ status }), DUE)).toBe(true);
    },
  );

  it('until its due date when it was not opened', () => {
    expect(isActive(session({ closesAt: DUE }), DUE)).toBe(true);
    expect(isActive(session({ closesAt: DUE }), DUE + 1)).toBe(false);
  });

  it('past its due date when it was opened', () => {
    expect(isActive(session({ status: 'setup', closesAt: DUE }), DUE + 1)).toBe(true);
  });

  it('no more once it was reviewed or cancelled', () => {
    expect(isActive(session({ status: 'reviewed' }), DUE)).toBe(false);
    expect(isActive(session({ closedReason: 'cancelled', closedAt: 1_500 }), DUE)).toBe(false);
  });
});

it('the last active attempt is found, after those passed over', () => {
  const [first, second] = [session({ attempt: 1 }), session({ attempt: 2 })];
  const history = [first, second, null, session({ status: 'reviewed' })];
  expect(activeAttempt(history, 0, DUE)).toBe(second);
  expect(activeAttempt(history, 1, DUE)).toBe(second);
  expect(activeAttempt(history, 2, DUE)).toBeUndefined();
});

it('attempts made before a moment are counted, deleted ones too, and one of the same millisecond is not', () => {
  expect(attemptsBefore([], DUE)).toBe(0);
  expect(attemptsBefore([session({}), null], DUE)).toBe(2);
  expect(attemptsBefore([session({}), session({ createdAt: DUE })], DUE)).toBe(1);
});
