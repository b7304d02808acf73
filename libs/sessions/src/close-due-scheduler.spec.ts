import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CloseDueScheduler } from './close-due-scheduler.js';
import { ChangeSession } from './commands/change-session.js';
import { SessionHouse } from './testing/session-house.js';

const MINUTE = 60_000;
const GRACE = 5000;

let house: SessionHouse;

beforeEach(async () => {
  house = await SessionHouse.open();
});

afterEach(() => house.close());

/** Once the read model shows what was written. */
const tick = async (): Promise<number> => {
  await house.projected();
  return house.room.get(CloseDueScheduler).tick();
};

const expired = async (id: string) => (await house.types(id)).filter((type) => type === 'time_expired').length;

describe('the scheduler', () => {
  it('closes_a_session_once_its_deadline_and_the_grace_have_passed_and_then_leaves_it_alone', async () => {
    const id = await house.atWork({ taskTimeMinutes: 10 });
    const deadline = house.room.clock.now() + 10 * MINUTE;
    house.room.clock.set(deadline + GRACE);
    expect(await tick()).toBe(0);
    house.room.clock.advance(1);
    expect(await tick()).toBe(1);
    expect(await house.session(id)).toMatchObject({ status: 'submitted', submittedBy: 'timer', submittedAt: deadline });
    expect(await tick()).toBe(0);
    expect(await expired(id)).toBe(1);
  });

  it('writes_deadlines_that_passed_while_it_was_away_in_order_each_with_its_own_time', async () => {
    const id = await house.atWork({
      phases: [
        { name: 'One', brief: null, timeMinutes: 10 },
        { name: 'Two', brief: null, timeMinutes: 20 },
      ],
    });
    const started = house.room.clock.now();
    house.room.clock.advance(24 * 60 * MINUTE);
    await Promise.all([tick(), tick()]);
    expect(await house.session(id)).toMatchObject({ submittedAt: started + 30 * MINUTE, submittedBy: 'timer' });
    expect(await expired(id)).toBe(2);
  });

  it('follows_added_time', async () => {
    const id = await house.atWork({ taskTimeMinutes: 10 });
    const { commands } = house.room;
    await commands.execute(new ChangeSession(house.room.context(), house.orgId, id, { addMinutes: 5 }));
    house.room.clock.advance(14 * MINUTE);
    expect(await tick()).toBe(0);
    house.room.clock.advance(2 * MINUTE);
    expect(await tick()).toBe(1);
  });

  it('has_nothing_to_do_with_an_invitation_whose_due_date_passes', async () => {
    const dueDate = house.room.clock.now() + MINUTE;
    const id = await house.invite(await house.assess(), { dueDate });
    house.room.clock.advance(60 * MINUTE);
    expect(await tick()).toBe(0);
    expect(await house.types(id)).toEqual(['session_invited']);
  });
});
