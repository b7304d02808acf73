import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeleteSession } from './commands/delete-session.js';
import { SessionRecord } from './session-record.js';
import { SessionHouse } from './testing/session-house.js';

describe('the live record of a session', () => {
  let house: SessionHouse;
  const ending = new AbortController();

  beforeEach(async () => {
    house = await SessionHouse.open();
  });
  afterEach(async () => {
    ending.abort();
    await house.close();
  });

  it('ends also for a reader who was still at an early event when the session and its stream were deleted', async () => {
    const sessionId = await house.atWork();
    const live = await house.room.get(SessionRecord).live(house.orgId, sessionId, -1);
    const events = live(ending.signal);
    expect((await events.next()).value?.type).toBe('session_invited');
    await house.room.commands.execute(new DeleteSession(house.room.context(), house.orgId, sessionId));
    const rest = [];
    for await (const { type } of events) rest.push(type);
    expect(rest).toEqual(['setup_started', 'task_started']);
  });
});
