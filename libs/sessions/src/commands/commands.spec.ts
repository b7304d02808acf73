import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Command } from '@nestjs/cqrs';
import { UpdateAssessment } from '#assessments';
import { CommandContext, streamName } from '#event-sourcing';
import { EndingLog, ProcessEnded } from '#event-sourcing/testing/ending-log.js';
import { systemActor } from '#event-sourcing/testing/given.js';
import { MAX_DELIVERABLE_BYTES } from '../deliverables.js';
import { SessionHouse } from '../testing/session-house.js';
import { AdvancePhase } from './advance-phase.js';
import { RecordActivities } from './record-activities.js';
import { SaveCheckpoint } from './save-checkpoint.js';
import { StartTask } from './start-task.js';
import { SubmitSession } from './submit-session.js';

let house: SessionHouse;

beforeEach(async () => {
  house = await SessionHouse.open();
});

afterEach(() => house.close());

const run = <Result>(command: Command<Result>): Promise<Result> => house.room.commands.execute(command);
const said = (id: string, content: string = id) => ({ id, type: 'user_message', timestampMs: 1, data: { content } });
const record = (sessionId: string, items: readonly unknown[], room = house.room) =>
  room.commands.execute(new RecordActivities(room.context(), house.orgId, sessionId, items));
const save = (sessionId: string, state: Record<string, unknown>) =>
  run(new SaveCheckpoint(house.room.context(), house.orgId, sessionId, state));

describe('a batch of activity', () => {
  const large = Array.from({ length: 30 }, (_, index) => said(`large-${index}`, randomBytes(30_000).toString('hex')));
  const ids = large.map(({ id }) => id);

  it('larger_than_one_append_goes_in_slices_and_is_answered_as_one', async () => {
    const id = await house.atWork();
    const malformed = { id: 'broken', type: 'user_message', timestampMs: 'soon', data: {} };
    const answer = await record(id, [...large.slice(0, 20), malformed, ...large.slice(20)]);
    expect(answer).toMatchObject({ accepted: ids, duplicates: [], lastSeq: 2 + large.length });
    expect(answer.rejected).toMatchObject([{ index: 20, id: 'broken', code: 'invalid_event' }]);
    const stored = (await house.facts(streamName('session', house.orgId, id))).slice(-large.length);
    expect(stored.map(({ data }) => data)).toMatchObject(
      large.map(({ id: callerId, data }) => ({ callerId, body: data })),
    );
  });

  it('of_five_hundred_small_events_fits', async () => {
    const id = await house.atWork();
    const small = Array.from({ length: 500 }, (_, index) => said(`small-${index}`));
    expect((await record(id, small)).accepted).toHaveLength(500);
  });

  it('that_breaks_off_between_two_slices_is_taken_up_where_it_broke_off', async () => {
    const id = await house.atWork();
    const dying = await house.process({ ...house.ground, log: new EndingLog(house.ground.log, 1) });
    await expect(record(id, large, dying)).rejects.toThrow(ProcessEnded);
    const { accepted, duplicates } = await record(id, large, await house.process());
    expect(duplicates.length).toBeGreaterThan(0);
    expect(accepted.length).toBeGreaterThan(0);
    expect([...duplicates, ...accepted]).toEqual(ids);
    expect((await house.session(id))!.activities.length).toBe(large.length);
  });
});

describe('a checkpoint', () => {
  it('is_kept_as_an_artifact_and_the_same_again_is_no_event', async () => {
    const id = await house.atWork();
    await save(id, { text: 'first' });
    const before = await house.types(id);
    await save(id, { text: 'first' });
    expect(await house.types(id)).toEqual(before);
    await save(id, { text: 'second' });
    const { checkpoint } = (await house.session(id))!;
    const kept = await house.ground.ops.artifacts.get(`session:${id}`, checkpoint!.artifactId);
    expect(JSON.parse(String(kept))).toEqual({ text: 'second' });
  });

  it('larger_than_5_mib_is_refused_and_leaves_nothing', async () => {
    const id = await house.atWork();
    const tooLarge = { text: 'x'.repeat(MAX_DELIVERABLE_BYTES) };
    await expect(save(id, tooLarge)).rejects.toMatchObject({ code: 'payload_too_large', param: 'deliverableState' });
    expect((await house.session(id))!.checkpoint).toBeNull();
  });

  it('that_is_refused_or_says_nothing_new_takes_no_disk', async () => {
    const [closed, open, left] = [await house.atWork(), await house.atWork(), await house.atWork()];
    const handIn = (id: string, state: Record<string, unknown> | null) =>
      run(new SubmitSession(house.room.context(), house.orgId, id, state));
    await handIn(closed, null);
    house.room.clock.advance(31_000);
    const put = jest.spyOn(house.ground.ops.artifacts, 'put');
    await expect(save(closed, { text: 'too late' })).rejects.toMatchObject({ code: 'session_closed' });
    await handIn(closed, { text: 'too late as well' });
    await expect(
      run(
        new AdvancePhase(house.room.context(), house.orgId, left, {
          deliverableState: { text: 'there is no next phase' },
          timeRemainingS: null,
          expectedPhaseIndex: null,
        }),
      ),
    ).rejects.toMatchObject({ code: 'no_next_phase' });
    expect(put).not.toHaveBeenCalled();
    await save(open, { text: 'once' });
    await save(open, { text: 'once' });
    await handIn(open, { text: 'once' });
    expect(put.mock.calls).toEqual([[`session:${open}`, Buffer.from('{"text":"once"}')]]);
  });

  it('of_a_session_that_never_was_makes_no_key_for_it', async () => {
    const nobody = '00000000-0000-5000-8000-000000000000';
    await expect(save(nobody, { text: 'lost' })).rejects.toMatchObject({ code: 'not_found' });
    expect(await house.ground.ops.keys.find(`session:${nobody}`)).toBeUndefined();
  });
});

describe('leaving a phase', () => {
  const phases = ['One', 'Two', 'Three'].map((name) => ({ name, brief: null, timeMinutes: 10 }));
  const advance = (sessionId: string, expectedPhaseIndex: number | null = null, context = house.room.context()) =>
    run(
      new AdvancePhase(context, house.orgId, sessionId, {
        deliverableState: { left: 1 },
        timeRemainingS: null,
        expectedPhaseIndex,
      }),
    );

  it('twice_at_once_without_naming_a_phase_leaves_one_phase_and_refuses_the_other', async () => {
    const id = await house.atWork({ phases });
    const outcomes = await Promise.allSettled([advance(id), advance(id)]);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'phase_conflict', details: { currentPhaseIndex: 1 } } }]);
    expect((await house.session(id))!.phaseIndex).toBe(1);
  });

  it('again_by_the_same_request_whose_answer_was_lost_leaves_no_second_phase', async () => {
    const id = await house.atWork({ phases });
    const request = () => new CommandContext(systemActor, 'one-idempotency-key', house.room.clock.now());
    expect(await advance(id, null, request())).toEqual({ newPhaseIndex: 1 });
    expect(await advance(id, null, request())).toEqual({ newPhaseIndex: 1 });
    expect(await advance(id)).toEqual({ newPhaseIndex: 2 });
    expect(await advance(id, null, request())).toEqual({ newPhaseIndex: 1 });
    expect((await house.session(id))!.phaseIndex).toBe(2);
  });

  it('by_the_clock_is_not_taken_for_the_request_that_came_upon_it', async () => {
    const id = await house.atWork({ phases });
    const request = () => new CommandContext(systemActor, 'one-idempotency-key', house.room.clock.now());
    house.room.clock.advance(10 * 60_000 + 1);
    for (const _ of [1, 2]) await expect(advance(id, 0, request())).rejects.toMatchObject({ code: 'phase_conflict' });
  });

  it('again_with_the_phase_named_is_refused_and_the_last_phase_is_not_left', async () => {
    const id = await house.atWork({ phases });
    expect(await advance(id, 0)).toEqual({ newPhaseIndex: 1 });
    await expect(advance(id, 0)).rejects.toMatchObject({ code: 'phase_conflict' });
    expect(await advance(id, 1)).toEqual({ newPhaseIndex: 2 });
    await expect(advance(id)).rejects.toMatchObject({ code: 'no_next_phase' });
    expect((await house.session(id))!.deliverables).toHaveLength(2);
  });
});

describe('starting', () => {
  it('pins_the_assessment_as_it_is_then_and_later_edits_do_not_reach_it', async () => {
    const assessmentId = await house.assess({ taskTimeMinutes: 60 });
    const id = await house.invite(assessmentId);
    const edit = (taskTimeMinutes: number) =>
      run(new UpdateAssessment(house.room.context(), house.orgId, assessmentId, { taskTimeMinutes }));
    await edit(30);
    await run(new StartTask(house.room.context(), house.orgId, id));
    await edit(90);
    const state = (await house.session(id))!;
    expect(state.plan.phases).toMatchObject([{ timeMinutes: 30 }]);
    expect(state.phaseDeadlineAt).toBe(house.room.clock.now() + 30 * 60_000);
  });
});

describe('submitting', () => {
  it('again_is_answered_as_the_first_time_and_writes_nothing', async () => {
    const id = await house.atWork();
    const submit = (text: string) => run(new SubmitSession(house.room.context(), house.orgId, id, { text }));
    await Promise.all([submit('a'), submit('a'), submit('a')]);
    const types = await house.types(id);
    expect(types.filter((type) => type === 'task_submitted')).toHaveLength(1);
    house.room.clock.advance(60 * 60_000);
    await submit('much later');
    expect(await house.types(id)).toEqual(types);
  });
});
