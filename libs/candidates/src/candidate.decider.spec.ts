import { describe, expect, it } from '@jest/globals';
import { given as fold } from '#event-sourcing/testing/given.js';
import {
  type CandidateState,
  candidateAggregate,
  changeCandidate,
  contestClaim,
  registerCandidate,
  removeCandidate,
} from './candidate.decider.js';
import type { CandidateEvent } from './candidate.events.js';

const given = (...history: CandidateEvent[]): CandidateState => fold(candidateAggregate, ...history);

const alice = { email: 'Alice@Example.com', name: 'Alice' };
const registered: CandidateEvent = { type: 'candidate_registered', data: { claimId: 'claim-1', ...alice } };
const moved: CandidateEvent = {
  type: 'candidate_email_changed',
  data: { claimId: 'claim-2', email: 'alice@new.example' },
};
const retired = (claimId: string): CandidateEvent => ({ type: 'candidate_claim_retired', data: { claimId } });
const removed: CandidateEvent = { type: 'candidate_removed', data: {} };

describe('registering', () => {
  it('makes a candidate under a fresh claim', () => {
    expect(registerCandidate(given(), 'claim-1', alice)).toEqual({ events: [registered], answer: 'created' });
  });

  it('changes nothing of a candidate who holds the address, whatever name is given', () => {
    const decision = registerCandidate(given(registered), 'claim-1', { ...alice, name: 'Somebody' });
    expect(decision).toEqual({ events: [], answer: 'known' });
  });

  it.each([
    ['replaced by a change of address', [registered, moved]],
    ['of a removed candidate', [registered, removed]],
    ['retired before it was used', [retired('claim-1')]],
  ])('is refused under a claim that is %s, so that two people never share an address', (_, history) => {
    expect(registerCandidate(given(...history), 'claim-1', alice)).toEqual({ events: [], answer: 'claim_dead' });
  });

  it('retires the claim of a change of address that broke off or is under way', () => {
    expect(registerCandidate(given(registered), 'claim-2', alice)).toEqual({
      events: [retired('claim-2')],
      answer: 'claim_dead',
    });
  });
});

describe('contesting a claim', () => {
  it('leaves a claim that its candidate lives under', () => {
    expect(contestClaim(given(registered), 'claim-1')).toEqual({ events: [], answer: 'held' });
  });

  it('retires one that no candidate came to use, even before there is a candidate', () => {
    expect(contestClaim(given(), 'claim-1')).toEqual({ events: [retired('claim-1')], answer: 'dead' });
  });

  it('finds a dead claim dead without a further fact', () => {
    expect(contestClaim(given(registered, moved), 'claim-1')).toEqual({ events: [], answer: 'dead' });
  });
});

describe('changing', () => {
  it('writes name and address as two facts in one append', () => {
    const change = { name: 'Alice Jones', email: { address: 'alice@new.example', claimId: 'claim-2' } };
    expect(changeCandidate(given(registered), change)).toEqual({
      events: [moved, { type: 'candidate_renamed', data: { name: 'Alice Jones' } }],
      answer: 'changed',
    });
  });

  it('takes another spelling of the same address under the same claim', () => {
    const change = { email: { address: 'alice@example.com', claimId: 'claim-1' } };
    expect(changeCandidate(given(registered), change).events).toEqual([
      { type: 'candidate_email_changed', data: { claimId: 'claim-1', email: 'alice@example.com' } },
    ]);
  });

  it('writes nothing when nothing differs', () => {
    const change = { name: 'Alice', email: { address: alice.email, claimId: 'claim-1' } };
    expect(changeCandidate(given(registered), change).events).toEqual([]);
  });

  it('does not take an address whose claim was retired meanwhile', () => {
    const change = { email: { address: 'alice@new.example', claimId: 'claim-2' } };
    expect(changeCandidate(given(registered, retired('claim-2')), change)).toEqual({
      events: [],
      answer: 'claim_dead',
    });
  });

  it.each([
    ['unknown', []],
    ['removed', [registered, removed]],
  ])('finds no candidate who is %s', (_, history) => {
    expect(() => changeCandidate(given(...history), { name: 'A' })).toThrow('No such candidate.');
    expect(() => removeCandidate(given(...history))).toThrow('No such candidate.');
  });
});

it('removes once', () => {
  expect(removeCandidate(given(registered)).events).toEqual([removed]);
});

it('keeps name and address of a removed candidate, whose sessions stay auditable', () => {
  expect(given(registered, removed)).toMatchObject({ ...alice, status: 'removed', claimId: '' });
});

it('folds erased facts without throwing', () => {
  const erased = { type: 'candidate_registered', data: { claimId: 'claim-1', erased: true } };
  expect(given(erased as unknown as CandidateEvent)).toMatchObject({ status: 'registered', email: '', name: '' });
});
