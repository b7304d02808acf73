import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandContext } from '#event-sourcing';
import { type Ground, newGround, Room } from '#event-sourcing/testing/room.js';
import { CreateOrganization, Entitlements, OrganizationsModule, UpdateOrganization } from './index.js';

const refusedAt = (used: number, quota: number) =>
  expect.objectContaining({ code: 'quota_exceeded', details: { used, quota } });
let ground: Ground;
let room: Room;
let orgId: string;

beforeEach(async () => {
  ground = await newGround();
  room = await Room.open(ground, [OrganizationsModule]);
  ({ id: orgId } = (
    await room.commands.execute(new CreateOrganization(room.context(), { name: 'Acme' }))
  ).organization);
});

afterEach(async () => {
  await room.close();
  await ground.log.close();
  await ground.ops.close();
});

const change = (changes: ConstructorParameters<typeof UpdateOrganization>[2]) =>
  room.commands.execute(new UpdateOrganization(room.context(), orgId, changes));
const count = (assessmentId: string, { paid = true, at = room.clock.now(), by = room } = {}) =>
  by
    .get(Entitlements)
    .countAssessment(new CommandContext(room.context().actor, assessmentId, at), orgId, { assessmentId, paid });
const outcomes = async (asked: readonly Promise<void>[]) => {
  const settled = await Promise.allSettled(asked);
  const refusals = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  return { taken: settled.length - refusals.length, refusals };
};

describe('the monthly quota', () => {
  it('takes exactly ten of fifty who ask at once', async () => {
    await change({ monthlyAssessmentQuota: 10 });
    const { taken, refusals } = await outcomes(Array.from({ length: 50 }, (_, at) => count(`assessment-${at}`)));
    expect(taken).toBe(10);
    expect(refusals).toEqual(Array(40).fill(refusedAt(10, 10)));
  });

  it('takes exactly ten of fifty who ask two processes at once', async () => {
    await change({ monthlyAssessmentQuota: 10 });
    const other = await Room.open(ground, [OrganizationsModule]);
    const asked = Array.from({ length: 50 }, (_, at) => count(`assessment-${at}`, { by: at % 2 ? room : other }));
    expect((await outcomes(asked)).taken).toBe(10);
    await other.close();
  });

  it('begins anew at midnight UTC of the first, by the moment a request was received', async () => {
    await change({ monthlyAssessmentQuota: 1 });
    const last = Date.parse('2026-01-31T23:59:59.999Z');
    await count('a', { at: last });
    await expect(count('b', { at: last })).rejects.toEqual(refusedAt(1, 1));
    await count('b', { at: last + 1 });
    await expect(count('c', { at: last + 1 })).rejects.toEqual(refusedAt(1, 1));
    // A request from before midnight that comes to its turn after it counts where it was received.
    await expect(count('c', { at: last })).rejects.toEqual(refusedAt(1, 1));
  });

  it('counts one assessment once, also in the month after, and never refuses what it counted', async () => {
    await change({ monthlyAssessmentQuota: 2 });
    const at = Date.parse('2026-01-31T23:59:59.999Z');
    await count('a', { at });
    await change({ monthlyAssessmentQuota: 0, subscription: 'inactive' });
    await count('a', { at });
    await count('a', { at: at + 1 });
    await change({ monthlyAssessmentQuota: 1, subscription: 'active' });
    await count('b', { at: at + 1 });
  });

  it('shows what is used when it was lowered below that', async () => {
    for (const id of ['a', 'b', 'c']) await count(id);
    await change({ monthlyAssessmentQuota: 2 });
    await expect(count('d')).rejects.toEqual(refusedAt(3, 2));
    await change({ monthlyAssessmentQuota: null });
    await count('d');
  });
});

describe('the subscription', () => {
  it.each([
    ['trial_expired', 'trial_expired'],
    ['inactive', 'subscription_inactive'],
  ] as const)('refuses what must be paid for while it is %s, and takes no place', async (subscription, code) => {
    await change({ subscription, monthlyAssessmentQuota: 1 });
    await expect(count('a')).rejects.toEqual(expect.objectContaining({ code }));
    await expect(room.get(Entitlements).requireSubscription(orgId)).rejects.toEqual(expect.objectContaining({ code }));
    await count('b', { paid: false });
    await expect(count('c', { paid: false })).rejects.toEqual(refusedAt(1, 1));
  });

  it('lets an active organization pass', async () => {
    await room.get(Entitlements).requireSubscription(orgId);
  });
});
