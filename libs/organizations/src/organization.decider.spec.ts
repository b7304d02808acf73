import { describe, expect, it } from '@jest/globals';
import type { Actor } from '#event-sourcing';
import { given as fold, recordedAtOf, systemActor } from '#event-sourcing/testing/given.js';
import type { Role } from '#platform';
import { isErased, organizationAggregate } from './organization.aggregate.js';
import {
  type Asked,
  createOrganization,
  issueApiKey,
  isUsable,
  recordSessionErased,
  revokeApiKey,
  updateOrganization,
} from './organization.decider.js';
import type { OrganizationEvent } from './organization.events.js';

const given = (...history: OrganizationEvent[]) => fold(organizationAggregate, ...history);
const at = Date.parse('2026-06-01T12:00:00.000Z');
const made = (keyId: string) => ({ keyId, keyPrefix: 'gai_abcdefgh', credential: 'c0ffee' });
const bySystem: Asked = { by: systemActor, at };
const byKey = (id: string): Asked => ({ by: { kind: 'key', id, via: 'reviewer' } satisfies Actor, at });

const created: OrganizationEvent = { type: 'organization_created', data: { name: 'Acme' } };
const key = (keyId: string, role: Role, expiresAt: string | null = null): OrganizationEvent => ({
  type: 'api_key_issued',
  data: { ...made(keyId), name: `${role} key`, role, expiresAt, pii: false, createdBy: 'system' },
});
const revoked = (keyId: string): OrganizationEvent => ({ type: 'api_key_revoked', data: { keyId } });
const acme = [created, key('owner', 'owner')];

describe('founding an organization', () => {
  it('creates it and issues its owner key in one append', () => {
    expect(createOrganization(given(), { name: ' Acme ', ownerKey: made('owner') }, bySystem)).toEqual({
      events: [
        created,
        {
          type: 'api_key_issued',
          data: { ...made('owner'), name: 'Owner key', role: 'owner', expiresAt: null, pii: true, createdBy: 'system' },
        },
      ],
      answer: { created: true },
    });
  });

  it('leaves an organization that exists as it is, and says so', () => {
    const decision = createOrganization(given(...acme), { name: 'Other', ownerKey: made('second') }, bySystem);
    expect(decision).toEqual({ events: [], answer: { created: false } });
  });

  it.each(['', '   ', 'a\0b', '\ud800', 'x'.repeat(256)])('refuses the name %j', (name) => {
    const found = () => createOrganization(given(), { name, ownerKey: made('owner') }, bySystem);
    expect(found).toThrow(expect.objectContaining({ code: 'invalid_parameter', param: 'name' }));
  });
});

describe('updating an organization', () => {
  it('writes one fact for each thing that changes', () => {
    const changes = { name: 'Acme Ltd', subscription: 'inactive', monthlyAssessmentQuota: 3 } as const;
    expect(updateOrganization(given(...acme), changes).events).toEqual([
      { type: 'organization_renamed', data: { name: 'Acme Ltd' } },
      { type: 'subscription_changed', data: { subscription: 'inactive' } },
      { type: 'quota_changed', data: { monthlyAssessmentQuota: 3 } },
    ]);
  });

  it('writes nothing for what is so already', () => {
    const same = { name: 'Acme', subscription: 'active', monthlyAssessmentQuota: null } as const;
    expect(updateOrganization(given(...acme), same).events).toEqual([]);
  });

  it('lifts the limit when the quota is null', () => {
    const limited = given(...acme, { type: 'quota_changed', data: { monthlyAssessmentQuota: 5 } });
    expect(updateOrganization(limited, { monthlyAssessmentQuota: null }).events).toEqual([
      { type: 'quota_changed', data: { monthlyAssessmentQuota: null } },
    ]);
  });

  it.each([-1, 1.5, Number.NaN])('refuses a quota of %d', (monthlyAssessmentQuota) => {
    const update = () => updateOrganization(given(...acme), { monthlyAssessmentQuota });
    expect(update).toThrow(expect.objectContaining({ code: 'invalid_parameter', param: 'monthlyAssessmentQuota' }));
  });

  it('finds no organization that was never founded', () => {
    expect(() => updateOrganization(given(), { name: 'Ghost' })).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
  });
});

describe('issuing an API key', () => {
  it('grants what was asked for, stamped with who made it', () => {
    const wish = { name: 'CI', role: 'reviewer', expiresAt: '2026-07-01T00:00:00+02:00' } as const;
    expect(issueApiKey(given(...acme), made('ci'), wish, byKey('owner')).events).toEqual([
      {
        type: 'api_key_issued',
        data: {
          ...made('ci'),
          name: 'CI',
          role: 'reviewer',
          expiresAt: '2026-06-30T22:00:00.000Z',
          pii: false,
          createdBy: 'owner',
        },
      },
    ]);
  });

  it('makes an admin key when no role is named', () => {
    const { events } = issueApiKey(given(...acme), made('k'), { name: 'Old script' }, byKey('owner'));
    expect(events).toMatchObject([{ data: { role: 'admin' } }]);
  });

  it('refuses an owner key to an admin, who would lift itself', () => {
    const state = given(...acme, key('admin', 'admin'));
    const issue = () => issueApiKey(state, made('k'), { name: 'Mine', role: 'owner' }, byKey('admin'));
    expect(issue).toThrow(expect.objectContaining({ code: 'insufficient_scope' }));
  });

  it.each([
    ['key_revoked', [key('admin', 'admin'), revoked('admin')]],
    ['key_expired', [key('admin', 'admin', '2026-06-01T12:00:00.000Z')]],
    ['key_revoked', []],
  ])('refuses with %s a key that went out of use after the door let it in', (code, history) => {
    const issue = () => issueApiKey(given(...acme, ...history), made('k'), { name: 'Late' }, byKey('admin'));
    expect(issue).toThrow(expect.objectContaining({ code }));
  });

  it.each(['2026-06-01T12:00:00.000Z', '2020-01-01T00:00:00Z', 'tomorrow'])('refuses %s as its end', (expiresAt) => {
    const issue = () => issueApiKey(given(...acme), made('k'), { name: 'Key', expiresAt }, byKey('owner'));
    expect(issue).toThrow(expect.objectContaining({ code: 'invalid_parameter', param: 'expiresAt' }));
  });
});

describe('revoking an API key', () => {
  it('revokes it once; asked again there is no such key', () => {
    const state = given(...acme, key('ci', 'reviewer'));
    expect(revokeApiKey(state, 'ci', byKey('owner')).events).toEqual([revoked('ci')]);
    const again = () => revokeApiKey(given(...acme, key('ci', 'reviewer'), revoked('ci')), 'ci', byKey('owner'));
    expect(again).toThrow(expect.objectContaining({ code: 'not_found' }));
  });

  it.each([
    ['alone', []],
    ['beside a revoked one', [key('second', 'owner'), revoked('second')]],
    ['beside an expired one', [key('second', 'owner', '2026-05-01T00:00:00.000Z')]],
    ['beside an admin key', [key('admin', 'admin')]],
  ])('keeps the last usable owner key, %s', (_, others) => {
    const revoke = () => revokeApiKey(given(...acme, ...others), 'owner', byKey('owner'));
    expect(revoke).toThrow(expect.objectContaining({ code: 'last_owner_key' }));
  });

  it('lets an owner key revoke itself while another one is usable', () => {
    const state = given(...acme, key('second', 'owner'));
    expect(revokeApiKey(state, 'owner', byKey('owner')).events).toEqual([revoked('owner')]);
  });

  it('refuses an admin who would revoke an owner', () => {
    const state = given(...acme, key('second', 'owner'), key('admin', 'admin'));
    const revoke = () => revokeApiKey(state, 'second', byKey('admin'));
    expect(revoke).toThrow(expect.objectContaining({ code: 'insufficient_scope' }));
  });
});

describe('the state', () => {
  it('knows when a key was made and revoked, and that it expires at its moment', () => {
    const state = given(...acme, key('ci', 'reviewer', '2026-06-01T12:00:00.000Z'), revoked('owner'));
    expect(state.keys.get('owner')).toMatchObject({ createdAt: recordedAtOf(1), revokedAt: recordedAtOf(3) });
    expect(isUsable(state.keys.get('ci')!, at - 1)).toBe(true);
    expect(isUsable(state.keys.get('ci')!, at)).toBe(false);
  });

  it('has empty names, and working keys, once the data key of the organization is gone', () => {
    const { name: _, ...structure } = key('ci', 'reviewer').data as { name: string };
    const erased = [
      { type: 'organization_created', data: {} },
      { type: 'api_key_issued', data: structure },
    ] as unknown as OrganizationEvent[];
    const state = given(...erased);
    expect(state).toMatchObject({ exists: true, name: '' });
    expect(state.keys.get('ci')).toMatchObject({ name: '', role: 'reviewer' });
  });
});

describe('recording an erased session', () => {
  const erased = { sessionId: '0191-aa', by: 'owner', reason: 'requested' };

  it('is written once, however often a deletion is repeated', () => {
    const first = recordSessionErased(given(...acme), erased).events;
    expect(first).toEqual([{ type: 'session_erased', data: erased }]);
    const state = given(...acme, ...(first as OrganizationEvent[]));
    expect(isErased(state, '0191-aa')).toBe(true);
    expect(isErased(state, '0192-aa')).toBe(false);
    expect(recordSessionErased(state, { ...erased, reason: 'again' }).events).toEqual([]);
  });
});
