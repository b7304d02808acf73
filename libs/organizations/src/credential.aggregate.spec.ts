import { expect, it } from '@jest/globals';
import { given } from '#event-sourcing/testing/given.js';
import { claimCredential, credentialAggregate } from './credential.aggregate.js';

const first = { kind: 'api_key', orgId: 'org-1', keyId: 'key-1' } as const;
const second = { kind: 'api_key', orgId: 'org-2', keyId: 'key-2' } as const;
const claimed = { type: 'credential_claimed', data: first } as const;

it('is claimed by whoever comes first', () => {
  expect(claimCredential(given(credentialAggregate), first)).toEqual({ events: [claimed], answer: first });
});

it('tells whoever comes later whose it is, and writes nothing', () => {
  expect(claimCredential(given(credentialAggregate, claimed), second)).toEqual({ events: [], answer: first });
});
