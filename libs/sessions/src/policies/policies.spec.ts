import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Command } from '@nestjs/cqrs';
import { Assessments, DeleteAssessment, UpdateAssessment } from '#assessments';
import { streamName } from '#event-sourcing';
import { EndingLog, ProcessEnded } from '#event-sourcing/testing/ending-log.js';
import { isoTime } from '#platform';
import { DeleteSession } from '../commands/delete-session.js';
import { SaveCheckpoint } from '../commands/save-checkpoint.js';
import { StartTask } from '../commands/start-task.js';
import { SubmitSession } from '../commands/submit-session.js';
import { SessionHouse } from '../testing/session-house.js';
import { CompleteDeletions } from './complete-deletions.js';
import { FollowAssessment } from './follow-assessment.js';

const HOUR = 3_600_000;

let house: SessionHouse;

beforeEach(async () => {
  house = await SessionHouse.open();
});

afterEach(() => house.close());

const run = <Result>(command: Command<Result>): Promise<Result> => house.room.commands.execute(command);
const follow = () => house.react(house.room.get(FollowAssessment));
const due = (hours: number) => house.room.clock.now() + hours * HOUR;
const setDueDate = (assessmentId: string, moment: number | null) =>
  run(
    new UpdateAssessment(house.room.context(), house.orgId, assessmentId, {
      dueDate: moment === null ? null : isoTime(moment),
    }),
  );

describe("an assessment's due date", () => {
  it('reaches_every_session_that_is_not_closed_and_no_other', async () => {
    const assessmentId = await house.assess();
    const [invited, started, submitted] = [
      await house.invite(assessmentId),
      await house.invite(assessmentId),
      await house.invite(assessmentId),
    ];
    const elsewhere = await house.invite(await house.assess());
    for (const id of [started, submitted]) await run(new StartTask(house.room.context(), house.orgId, id));
    await run(new SubmitSession(house.room.context(), house.orgId, submitted, null));
    await setDueDate(assessmentId, due(24));
    await follow();
    for (const id of [invited, started])
      expect(await house.session(id)).toMatchObject({ dueDate: null, assessmentDueDate: due(24), closesAt: due(24) });
    for (const id of [submitted, elsewhere]) expect(await house.session(id)).toMatchObject({ assessmentDueDate: null });
  });

  it('told_again_changes_nothing_and_a_change_that_was_overtaken_is_never_told', async () => {
    const assessmentId = await house.assess();
    const id = await house.invite(assessmentId);
    await setDueDate(assessmentId, due(24));
    await setDueDate(assessmentId, due(48));
    await follow();
    await follow();
    expect(await house.session(id)).toMatchObject({ assessmentDueDate: due(48) });
    expect(await house.types(id)).toEqual(['session_invited', 'due_date_changed']);
  });

  it('reaches_an_invitation_that_was_decided_before_the_change_and_written_after_it', async () => {
    const assessmentId = await house.assess();
    const found = (await house.room.get(Assessments).find(house.orgId, assessmentId))!;
    await setDueDate(assessmentId, due(24));
    await follow();
    const id = await house.invite(assessmentId, { found });
    expect(await house.session(id)).toMatchObject({ assessmentDueDate: null });
    await follow();
    expect(await house.session(id)).toMatchObject({ assessmentDueDate: due(24) });
  });
});

describe('the end of an assessment', () => {
  it('cancels_what_is_not_submitted_and_leaves_the_rest_auditable', async () => {
    const assessmentId = await house.assess();
    const [open, submitted] = [await house.invite(assessmentId), await house.invite(assessmentId)];
    await run(new StartTask(house.room.context(), house.orgId, submitted));
    await run(new SubmitSession(house.room.context(), house.orgId, submitted, null));
    await run(new DeleteAssessment(house.room.context(), house.orgId, assessmentId));
    await follow();
    await follow();
    expect(await house.session(open)).toMatchObject({ status: 'invited', closedReason: 'cancelled' });
    expect(await house.session(submitted)).toMatchObject({ status: 'submitted', closedReason: 'submitted' });
    expect(await house.types(open)).toEqual(['session_invited', 'session_cancelled']);
  });
});

describe('a deletion', () => {
  const gone = async (id: string): Promise<void> => {
    const stream = streamName('session', house.orgId, id);
    expect(await house.ground.ops.keys.find(`session:${id}`)).toEqual({ state: 'destroyed' });
    await expect(house.ground.log.readStream(stream, { limit: 1 })).rejects.toMatchObject({ code: 'stream_deleted' });
    const erased = (await house.facts()).filter(({ type }) => type === 'session_erased');
    expect(erased.map(({ data }) => data)).toEqual([{ sessionId: id, by: 'spec', reason: 'requested' }]);
  };

  it('leaves_one_fact_without_personal_data_and_nothing_else', async () => {
    const id = await house.atWork();
    await run(new SaveCheckpoint(house.room.context(), house.orgId, id, { text: 'mine' }));
    const { checkpoint } = (await house.session(id))!;
    await run(new DeleteSession(house.room.context(), house.orgId, id));
    await gone(id);
    expect(await house.ground.ops.artifacts.get(`session:${id}`, checkpoint!.artifactId)).toBeUndefined();
    expect(await house.session(id)).toBeUndefined();
  });

  it.each([
    [1, 'after the terminal fact'],
    [2, "after the organization's fact"],
  ])('that_breaks_off_after_%i_appends_is_completed_by_its_policy (%s)', async (appends) => {
    const id = await house.atWork();
    const dying = await house.process({ ...house.ground, log: new EndingLog(house.ground.log, appends) });
    const deletion = dying.commands.execute(new DeleteSession(dying.context(), house.orgId, id));
    await expect(deletion).rejects.toThrow(ProcessEnded);
    expect(await house.session(id)).toBeUndefined();
    const policy = house.room.get(CompleteDeletions);
    await house.react(policy);
    await gone(id);
    await house.react(policy);
    await gone(id);
  });
});
