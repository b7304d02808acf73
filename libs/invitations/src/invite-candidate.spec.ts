import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UpdateAssessment } from '#assessments';
import { CommandContext } from '#event-sourcing';
import { EndingLog, ProcessEnded } from '#event-sourcing/testing/ending-log.js';
import { systemActor } from '#event-sourcing/testing/given.js';
import type { OpsStore } from '#ops-store';
import { CancelSession, DeleteSession, OpenSession, SessionTokens } from '#sessions';
import { House } from './testing/house.js';

const MINUTE = 60_000;
let house: House;

beforeEach(async () => {
  house = await House.open();
});

afterEach(() => house.close());

const sessionsMade = async () =>
  (await house.facts('session-')).filter(({ type }) => type === 'session_invited').length;
const candidatesMade = async () => (await house.facts(`candidate-${house.orgId}.`)).length;
const inMinutes = (count: number): string => new Date(house.room.clock.now() + count * MINUTE).toISOString();

describe('inviting', () => {
  it('makes_candidate_and_session_and_answers_with_the_link_that_opens_it', async () => {
    const { sessionId, inviteUrl, created } = await house.invite({ name: ' Alice ', dueDate: inMinutes(60) });
    expect(created).toBe(true);
    expect(await house.session(sessionId)).toMatchObject({
      status: 'invited',
      attempt: 1,
      assessmentId: house.assessmentId,
      dueDate: house.room.clock.now() + 60 * MINUTE,
      sendEmail: true,
    });
    const token = inviteUrl.replace(/^http:\/\/127\.0\.0\.1:3000\/s\//, '');
    expect(house.room.get(SessionTokens).verify(token)).toEqual({ orgId: house.orgId, sessionId });
  });

  it('fifty_times_at_once_from_two_processes_makes_one_candidate_one_session_and_one_mail', async () => {
    const other = await house.process();
    const all = await Promise.all(Array.from({ length: 50 }, (_, at) => house.invite({}, at % 2 ? house.room : other)));
    expect(new Set(all.map(({ sessionId, inviteUrl }) => `${sessionId} ${inviteUrl}`)).size).toBe(1);
    expect(all.filter(({ created }) => created)).toHaveLength(1);
    expect(await sessionsMade()).toBe(1);
    expect(await candidatesMade()).toBe(1);
    await house.runMailPolicy();
    expect(await house.deliveries()).toHaveLength(1);
  });

  it('again_with_another_name_and_due_date_changes_nothing_and_mails_nothing', async () => {
    const first = await house.invite({ name: 'Alice' });
    await house.sendDue();
    const before = (await house.facts()).length;
    expect(await house.invite({ name: 'Bob', dueDate: inMinutes(5), email: ' ALICE@example.com' })).toEqual({
      ...first,
      created: false,
    });
    expect((await house.facts()).length).toBe(before);
    expect(await house.deliveries()).toHaveLength(1);
  });

  it.each([0, 1, 2])('broken_off_after_%i_of_its_three_appends_is_completed_by_the_next_call', async (appends) => {
    const dying = await house.process({ ...house.ground, log: new EndingLog(house.ground.log, appends, true) });
    await expect(house.invite({}, dying)).rejects.toThrow(ProcessEnded);
    expect((await house.invite()).created).toBe(true);
    expect((await house.invite()).created).toBe(false);
    expect(await sessionsMade()).toBe(1);
    expect(await candidatesMade()).toBe(1);
  });

  it('broken_off_before_its_mail_was_noted_still_has_it_sent_once', async () => {
    const dying = await house.process({ ...house.ground, log: new EndingLog(house.ground.log, 3) });
    await expect(house.invite({}, dying)).rejects.toThrow(ProcessEnded);
    expect(await house.deliveries()).toHaveLength(0);
    await house.runMailPolicy();
    expect((await house.invite()).created).toBe(false);
    await house.runMailPolicy();
    expect(await house.deliveries()).toMatchObject([{ state: 'pending' }]);
  });

  it('stands_although_its_mail_cannot_be_noted', async () => {
    const deliveries = {
      add: () => Promise.reject(new Error('The disk is full.')),
    };
    const ops = Object.create(house.ground.ops, { deliveries: { value: deliveries } }) as OpsStore;
    const full = await house.process({ ...house.ground, ops });
    expect(await house.invite({}, full)).toMatchObject({ created: true });
    expect(await house.deliveries()).toEqual([]);
    await house.runMailPolicy();
    expect(await house.deliveries()).toHaveLength(1);
  });

  it('without_mail_is_possible', async () => {
    await house.invite({ sendEmail: false });
    await house.runMailPolicy();
    expect(await house.deliveries()).toEqual([]);
  });

  it('makes_a_session_for_each_assessment', async () => {
    const second = await house.newAssessment();
    const [one, two] = [await house.invite(), await house.invite({}, house.room, second)];
    expect(two.created).toBe(true);
    expect(two.sessionId).not.toBe(one.sessionId);
    expect(await candidatesMade()).toBe(1);
  });
});

describe('an invitation is refused', () => {
  it.each([
    ['to_an_assessment_that_is_not_there', 'not_found', async () => 'nowhere'],
    ['to_an_inactive_assessment', 'assessment_inactive', () => house.newAssessment({ isActive: false })],
  ])('%s', async (_, code, assessment) => {
    const id = await assessment();
    await expect(house.invite({}, house.room, id)).rejects.toMatchObject({ code });
    expect(await candidatesMade()).toBe(0);
  });

  it('with_a_due_date_that_has_passed_and_registers_nobody', async () => {
    await expect(house.invite({ dueDate: inMinutes(0) })).rejects.toMatchObject({
      code: 'due_date_in_past',
      param: 'dueDate',
    });
    expect(await candidatesMade()).toBe(0);
  });

  it('when_the_assessments_own_due_date_has_passed_unless_it_brings_a_later_one', async () => {
    const id = await house.newAssessment({ dueDate: inMinutes(10) });
    house.room.clock.advance(11 * MINUTE);
    await expect(house.invite({}, house.room, id)).rejects.toMatchObject({ code: 'due_date_in_past' });
    expect((await house.invite({ dueDate: inMinutes(10) }, house.room, id)).created).toBe(true);
  });

  it('but_a_script_run_again_after_its_due_date_is_answered_where_the_session_is_under_way', async () => {
    const dueDate = inMinutes(10);
    const { sessionId } = await house.invite({ dueDate });
    await house.room.commands.execute(new OpenSession(house.room.context(), house.orgId, sessionId));
    house.room.clock.advance(11 * MINUTE);
    expect(await house.invite({ dueDate })).toMatchObject({ sessionId, created: false });
  });
});

describe('an attempt', () => {
  const second = expect.objectContaining({ created: true });
  const attemptOf = async ({ sessionId }: { sessionId: string }) => (await house.session(sessionId))?.attempt;

  it('that_was_cancelled_is_followed_by_the_next', async () => {
    const first = await house.invite();
    await house.room.commands.execute(new CancelSession(house.room.context(), house.orgId, first.sessionId, 'ill'));
    const next = await house.invite();
    expect(next).toEqual(second);
    expect(await attemptOf(next)).toBe(2);
    expect(await house.invite()).toEqual({ ...next, created: false });
  });

  it('that_was_deleted_is_followed_by_the_next_and_not_made_again', async () => {
    const first = await house.invite();
    await house.room.commands.execute(new DeleteSession(house.room.context(), house.orgId, first.sessionId));
    const next = await house.invite();
    expect(next).toEqual(second);
    expect(next.sessionId).not.toBe(first.sessionId);
    expect(await attemptOf(next)).toBe(2);
    // The one found is the second also for an invitation whose own due date has passed.
    expect(await house.invite({ dueDate: inMinutes(-1) })).toEqual({ ...next, created: false });
  });

  it('that_was_never_opened_until_its_due_date_is_followed_by_the_next', async () => {
    await house.invite({ dueDate: inMinutes(10) });
    house.room.clock.advance(10 * MINUTE);
    expect(await house.invite({ dueDate: inMinutes(10) })).toMatchObject({ created: false });
    house.room.clock.advance(1);
    const next = await house.invite({ dueDate: inMinutes(10) });
    expect(next).toEqual(second);
    expect(await attemptOf(next)).toBe(2);
  });

  it('more_is_made_when_it_is_asked_for_and_plain_invitations_find_the_latest', async () => {
    const first = await house.invite();
    house.room.clock.advance(1);
    const next = await house.invite({ newAttempt: true });
    expect(next).toEqual(second);
    expect(next.sessionId).not.toBe(first.sessionId);
    expect(await house.invite()).toEqual({ ...next, created: false });
  });

  it('more_asked_for_fifty_times_at_once_is_one', async () => {
    await house.invite();
    house.room.clock.advance(1);
    const all = await Promise.all(Array.from({ length: 50 }, () => house.invite({ newAttempt: true })));
    expect(new Set(all.map(({ sessionId }) => sessionId)).size).toBe(1);
    expect(await attemptOf(all[0]!)).toBe(2);
  });

  it('more_asked_for_again_by_the_same_request_is_the_one_it_made', async () => {
    await house.invite();
    house.room.clock.advance(1);
    const request = () => new CommandContext(systemActor, 'one request', house.room.clock.now());
    const made = await house.invite({ newAttempt: true }, house.room, house.assessmentId, request());
    house.room.clock.advance(1000);
    expect(await house.invite({ newAttempt: true }, house.room, house.assessmentId, request())).toEqual(made);
    expect(await sessionsMade()).toBe(2);
  });

  it('more_is_simply_the_first_where_there_is_none', async () => {
    expect(await attemptOf(await house.invite({ newAttempt: true }))).toBe(1);
  });
});

it('an_assessment_made_inactive_invites_nobody_any_more', async () => {
  await house.invite();
  const context = house.room.context();
  await house.room.commands.execute(
    new UpdateAssessment(context, house.orgId, house.assessmentId, { isActive: false }),
  );
  await expect(house.invite({ email: 'bob@example.com' })).rejects.toMatchObject({ code: 'assessment_inactive' });
});
