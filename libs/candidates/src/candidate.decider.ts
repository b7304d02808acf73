import type { Aggregate, Decided, Decision } from '#event-sourcing';
import { notFound } from '#platform';
import { type CandidateEvent, candidateCatalogue } from './candidate.events.js';

export interface CandidateState {
  readonly status: 'unknown' | 'introduced' | 'registered' | 'removed';
  readonly email: string;
  readonly name: string;
  /** The organization's own id of the person. */
  readonly externalId: string | null;
  readonly createdAt: string;
  /** The claim under which the present address is held; empty when unknown or removed. */
  readonly claimId: string;
  /** Claims that will never count (again). */
  readonly deadClaims: readonly string[];
}

export const candidateAggregate: Aggregate<CandidateState, CandidateEvent> = {
  category: 'candidate',
  catalogue: candidateCatalogue,
  initialState: {
    status: 'unknown',
    email: '',
    name: '',
    externalId: null,
    createdAt: '',
    claimId: '',
    deadClaims: [],
  },
  evolve(state, event) {
    switch (event.type) {
      case 'candidate_registered': {
        const { claimId, email = '', name = '' } = event.data;
        return { ...state, status: 'registered', claimId, email, name, createdAt: event.metadata.recordedAt };
      }
      case 'candidate_introduced':
        return { ...state, status: 'introduced', name: event.data.name ?? '', createdAt: event.metadata.recordedAt };
      case 'candidate_renamed':
        return { ...state, name: event.data.name ?? '' };
      case 'candidate_email_changed': {
        const { claimId, email = '' } = event.data;
        const deadClaims = claimId === state.claimId ? state.deadClaims : [...state.deadClaims, state.claimId];
        return { ...state, claimId, email, deadClaims };
      }
      case 'candidate_external_id_changed':
        return { ...state, externalId: event.data.externalId ?? null };
      case 'candidate_claim_retired':
        return { ...state, deadClaims: [...state.deadClaims, event.data.claimId] };
      case 'candidate_removed':
        return { ...state, status: 'removed', claimId: '' };
      default:
        event satisfies never;
        return state;
    }
  },
};

/** How a claim stands with its candidate: it counts, it never will, or the candidate has not used it so far. */
const standing = (state: CandidateState, claimId: string): 'held' | 'dead' | 'unused' => {
  if (state.claimId === claimId) return 'held';
  return state.status === 'removed' || state.deadClaims.includes(claimId) ? 'dead' : 'unused';
};

export type Registered = 'created' | 'known' | 'claim_dead';

/**
 * Registers under a claim already made: by this call, or by one that broke off between claim and registration and is
 * completed here. A claim that a registered candidate never came to use (a change of address that broke off, or is
 * under way) is retired first, so that it cannot come to life after the address was given to somebody else.
 */
export const registerCandidate = (
  state: CandidateState,
  claimId: string,
  person: { readonly email: string; readonly name: string },
): Decision<CandidateEvent, Registered> => {
  const claim = standing(state, claimId);
  if (claim === 'held') return { events: [], answer: 'known' };
  if (claim === 'unused' && state.status === 'unknown')
    return { events: [{ type: 'candidate_registered', data: { claimId, ...person } }], answer: 'created' };
  return { events: claim === 'unused' ? [retired(claimId)] : [], answer: 'claim_dead' };
};

/** Somebody else wants the address of this claim: it is theirs unless the claim counts. */
export const contestClaim = (state: CandidateState, claimId: string): Decision<CandidateEvent, 'held' | 'dead'> => {
  const claim = standing(state, claimId);
  if (claim === 'held') return { events: [], answer: 'held' };
  return { events: claim === 'unused' ? [retired(claimId)] : [], answer: 'dead' };
};

/** Whoever has a name keeps it: one given with a key does not overrule the organization's. */
export const introduceCandidate = (state: CandidateState, name: string): Decision<CandidateEvent> => ({
  events: state.status === 'unknown' ? [{ type: 'candidate_introduced', data: { name } }] : [],
  answer: undefined,
});

export interface CandidateChange {
  readonly name?: string;
  /** Null takes it away. */
  readonly externalId?: string | null;
  /** With the claim that holds the address for this candidate. */
  readonly email?: { readonly address: string; readonly claimId: string };
}

export const changeCandidate = (
  state: CandidateState,
  change: CandidateChange,
): Decision<CandidateEvent, 'changed' | 'claim_dead'> => {
  requireRegistered(state);
  const events: Decided<CandidateEvent>[] = [];
  const { name, email, externalId } = change;
  if (email) {
    if (standing(state, email.claimId) === 'dead') return { events: [], answer: 'claim_dead' };
    if (email.address !== state.email || email.claimId !== state.claimId)
      events.push({ type: 'candidate_email_changed', data: { claimId: email.claimId, email: email.address } });
  }
  if (externalId !== undefined && externalId !== state.externalId)
    events.push({ type: 'candidate_external_id_changed', data: { externalId } });
  if (name !== undefined && name !== state.name) events.push({ type: 'candidate_renamed', data: { name } });
  return { events, answer: 'changed' };
};

export const removeCandidate = (state: CandidateState): Decision<CandidateEvent> => {
  requireRegistered(state);
  return { events: [{ type: 'candidate_removed', data: {} }], answer: undefined };
};

export const requireRegistered = (state: CandidateState): void => {
  if (state.status !== 'registered') throw notFound('candidate');
};

const retired = (claimId: string): CandidateEvent => ({ type: 'candidate_claim_retired', data: { claimId } });
