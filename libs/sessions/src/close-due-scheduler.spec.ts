import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { streamName } from '#event-sourcing';
import { type EventStore, EventStoreError } from '#event-store';
import { ReadModels } from '#read-store';
import { CloseDueScheduler } from './close-due-scheduler.js';
import { ChangeSession } from './commands/change-session.js';
import { StartTask } from './commands/start-task.js';
import { deadlines } from './projections/deadlines.projection.js';
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

  it('closes_those_behind_two_hundred_that_can_never_be_closed_and_tells_of_each_once', async () => {
    const { clock, commands } = house.room;
    const wish = { setupTimeMinutes: 0, taskTimeMinutes: 10 };
    const assessmentId = await house.assess(wish);
    const begin = async (): Promise<string> => {
      const id = await house.invite(assessmentId);
      await commands.execute(new StartTask(house.room.context(), house.orgId, id));
      return id;
    };
    const poison: string[] = [];
    while (poison.length < 205) poison.push(await begin());
    clock.advance(1000);
    const behind = await begin();
    const broken = new Set(poison.map((id) => streamName('session', house.orgId, id)));
    const other = await house.process({ ...house.ground, log: refusing(house.ground.log, broken) });
    const scheduler = other.get(CloseDueScheduler);
    const errors = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    try {
      const later = async (ms: number): Promise<number> => {
        other.clock.set(clock.now() + 10 * MINUTE + GRACE + ms);
        await other.get(ReadModels).count(deadlines, {}, { after: await house.ground.log.head() });
        return scheduler.tick();
      };
      expect(await later(1)).toBe(206);
      expect((await house.session(behind))?.status).toBe('submitted');
      // At once again: none of them is due for another try.
      expect(await later(1)).toBe(0);
      expect(await later(1500)).toBe(20);
      expect(errors).toHaveBeenCalledTimes(poison.length);
      broken.clear();
      for (let minute = 1; minute <= 12; minute += 1) await later(minute * MINUTE);
      const statuses = await Promise.all(poison.map(async (id) => (await house.session(id))?.status));
      expect(new Set(statuses)).toEqual(new Set(['submitted']));
      expect(errors).toHaveBeenCalledTimes(poison.length);
    } finally {
      errors.mockRestore();
    }
  });
});

/** A log that takes nothing for these streams. */
const refusing = (log: EventStore, streams: ReadonlySet<string>): EventStore =>
  new Proxy(log, {
    get(target, name) {
      if (name === 'append')
        return async (...args: Parameters<EventStore['append']>) => {
          if (streams.has(args[0])) throw new EventStoreError('unavailable', 'This stream cannot be written.');
          return target.append(...args);
        };
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
