import { expect, it } from '@jest/globals';
import { claimEmail, emailClaimAggregate, releaseEmail } from './email-claim.decider.js';

const free = emailClaimAggregate.initialState;
const first = { claimId: 'claim-1', candidateId: 'candidate-1' };
const second = { claimId: 'claim-2', candidateId: 'candidate-2' };

it('gives a free address to who asks', () => {
  expect(claimEmail(free, first, null)).toEqual({ events: [{ type: 'email_claimed', data: first }], answer: first });
});

it('answers a held address with its holder and writes nothing', () => {
  expect(claimEmail({ holder: first }, second, null)).toEqual({ events: [], answer: first });
});

it('takes over from the very claim that is known to be dead, and from no other', () => {
  expect(claimEmail({ holder: first }, second, 'claim-1').answer).toEqual(second);
  expect(claimEmail({ holder: first }, second, 'claim-0')).toEqual({ events: [], answer: first });
});

it('releases its own claim only', () => {
  expect(releaseEmail({ holder: first }, 'claim-1').events).toEqual([
    { type: 'email_released', data: { claimId: 'claim-1' } },
  ]);
  expect(releaseEmail({ holder: second }, 'claim-1').events).toEqual([]);
  expect(releaseEmail(free, 'claim-1').events).toEqual([]);
});
