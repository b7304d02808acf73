import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EndingLog, ProcessEnded } from '#event-sourcing/testing/ending-log.js';
import { type Ground, newGround, Room } from '#event-sourcing/testing/room.js';
import {
  Candidates,
  CandidatesModule,
  candidatesProjections,
  ListCandidates,
  RegisterCandidate,
  RemoveCandidate,
  UpdateCandidate,
} from './index.js';

const ORG = '0191a000-0000-7000-8000-000000000001';
const OTHER_ORG = '0191a000-0000-7000-8000-000000000002';
const notFound = expect.objectContaining({ code: 'not_found' });
let ground: Ground;
let room: Room;

const open = (on: Ground = ground): Promise<Room> =>
  Room.open(on, [CandidatesModule], { projections: candidatesProjections });
const register = (email: string, name?: string, by = room, orgId = ORG) =>
  by.commands.execute(new RegisterCandidate(by.context(), orgId, name === undefined ? { email } : { email, name }));
const update = (id: string, change: { name?: string; email?: string }, by = room) =>
  by.commands.execute(new UpdateCandidate(by.context(), ORG, id, change));
const remove = (id: string, by = room) => by.commands.execute(new RemoveCandidate(by.context(), ORG, id));
const list = (page: { limit?: number; offset?: number; after?: string } = {}, orgId = ORG, by = room) =>
  by.queries.execute(new ListCandidates(orgId, { limit: 20, offset: 0, ...page }));
const addresses = async () => (await list()).candidates.map(({ email }) => email);

beforeEach(async () => {
  ground = await newGround();
  room = await open();
});

afterEach(async () => {
  await room.close();
  await ground.log.close();
  await ground.ops.close();
});

describe('registering', () => {
  it('fifty_times_at_once_in_two_processes_makes_one_candidate', async () => {
    const other = await open();
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, at) => register('alice@example.com', 'Alice', at % 2 ? room : other)),
    );
    expect(new Set(all.map(({ candidateId }) => candidateId)).size).toBe(1);
    expect(all.filter(({ created }) => created)).toHaveLength(1);
    // Whose write it was reads it at once; the other process only soon.
    const writer = all.findIndex(({ created }) => created) % 2 ? room : other;
    expect((await list({}, ORG, writer)).total).toBe(1);
    await other.close();
  });

  it('finds_the_one_who_has_the_address_in_any_case_and_changes_nothing', async () => {
    const first = await register(' Alice@Example.com', 'Alice');
    const again = await register('alice@EXAMPLE.com ', 'Somebody Else');
    expect(again).toEqual({ ...first, created: false });
    expect(again).toMatchObject({ email: 'Alice@Example.com', name: 'Alice' });
  });

  it('calls_who_gave_no_name_by_the_local_part', async () => {
    expect(await register('bob.jones@example.com')).toMatchObject({ name: 'bob.jones' });
  });

  it('is_per_organization', async () => {
    const here = await register('alice@example.com');
    const there = await register('alice@example.com', 'Alice', room, OTHER_ORG);
    expect(there.created).toBe(true);
    expect(there.candidateId).not.toBe(here.candidateId);
    expect((await list({}, OTHER_ORG)).candidates.map(({ id }) => id)).toEqual([there.candidateId]);
  });

  it('leaves_neither_name_nor_address_open_in_the_log', async () => {
    const { candidateId } = await register('canary@example.com', 'Nightingale');
    await update(candidateId, { name: 'Nightjar', email: 'second-canary@example.com' });
    const { events } = await ground.log.readAll({ limit: 100 });
    const bare = events.map(({ stream, data, metadata }) => `${stream} ${Buffer.from(data)} ${Buffer.from(metadata)}`);
    expect(bare).not.toHaveLength(0);
    expect(bare.join('\n')).not.toMatch(/canary|night/i);
  });

  it.each([0, 1])('broken_off_after_%i_of_its_two_appends_is_completed_by_the_next_call', async (appends) => {
    const dying = await open({ ...ground, log: new EndingLog(ground.log, appends, true) });
    await expect(register('alice@example.com', 'Alice', dying)).rejects.toThrow(ProcessEnded);
    await dying.close();
    expect(await register('alice@example.com', 'Alice')).toMatchObject({ created: true });
    expect(await register('alice@example.com', 'Alice')).toMatchObject({ created: false });
    expect(await addresses()).toEqual(['alice@example.com']);
  });
});

describe('changing', () => {
  it('gives_a_new_name_and_a_new_address_and_frees_the_old_one', async () => {
    const { candidateId } = await register('alice@example.com', 'Alice');
    const changed = await update(candidateId, { name: 'Alice Jones', email: 'jones@example.com' });
    expect(changed).toMatchObject({ id: candidateId, orgId: ORG, name: 'Alice Jones', email: 'jones@example.com' });
    expect(await register('jones@example.com')).toMatchObject({ candidateId, created: false });
    const successor = await register('alice@example.com');
    expect(successor.created).toBe(true);
    expect(successor.candidateId).not.toBe(candidateId);
  });

  it('refuses_an_address_that_somebody_has', async () => {
    await register('alice@example.com');
    const bob = await register('bob@example.com');
    await expect(update(bob.candidateId, { email: 'ALICE@example.com' })).rejects.toMatchObject({
      code: 'email_in_use',
      param: 'email',
    });
    expect((await addresses()).sort()).toEqual(['alice@example.com', 'bob@example.com']);
  });

  it('takes_another_spelling_of_the_own_address', async () => {
    const { candidateId } = await register('alice@example.com');
    await update(candidateId, { email: 'Alice@Example.com' });
    expect(await register('alice@example.com')).toMatchObject({ candidateId, email: 'Alice@Example.com' });
  });

  it('lets_one_of_two_have_an_address_that_both_want_at_once', async () => {
    const people = await Promise.all(['alice@example.com', 'bob@example.com'].map((email) => register(email)));
    const outcomes = await Promise.allSettled(
      people.map(({ candidateId }) => update(candidateId, { email: 'team@example.com' })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'email_in_use' } });
    expect((await addresses()).filter((email) => email === 'team@example.com')).toHaveLength(1);
  });

  it('finds_no_candidate_that_is_unknown_removed_or_of_another_organization', async () => {
    const { candidateId } = await register('alice@example.com', 'Alice', room, OTHER_ORG);
    await expect(update(candidateId, { name: 'A' })).rejects.toEqual(notFound);
    const removed = await register('bob@example.com');
    await remove(removed.candidateId);
    await expect(update(removed.candidateId, { name: 'B' })).rejects.toEqual(notFound);
    await expect(update(removed.candidateId, { email: 'c@example.com' })).rejects.toEqual(notFound);
    expect((await register('c@example.com')).created).toBe(true);
  });
});

describe('removing', () => {
  it('takes_the_candidate_off_the_list_frees_the_address_and_keeps_the_profile_for_the_record', async () => {
    const { candidateId } = await register('alice@example.com', 'Alice');
    await remove(candidateId);
    expect((await list()).candidates).toEqual([]);
    expect(await room.get(Candidates).find(ORG, candidateId)).toBeUndefined();
    const profiles = await room.get(Candidates).profiles(ORG, [candidateId, 'nobody']);
    expect([...profiles]).toEqual([[candidateId, { name: 'Alice', email: 'alice@example.com', externalId: null }]]);
    const successor = await register('alice@example.com', 'Another Alice');
    expect(successor).toMatchObject({ created: true, name: 'Another Alice' });
    expect(successor.candidateId).not.toBe(candidateId);
  });

  it('frees_the_address_although_it_broke_off_halfway', async () => {
    const { candidateId } = await register('alice@example.com');
    const dying = await open({ ...ground, log: new EndingLog(ground.log, 1) });
    await expect(remove(candidateId, dying)).rejects.toThrow(ProcessEnded);
    await dying.close();
    expect((await register('alice@example.com')).candidateId).not.toBe(candidateId);
  });

  it('finds_nobody_a_second_time', async () => {
    const { candidateId } = await register('alice@example.com');
    await remove(candidateId);
    await expect(remove(candidateId)).rejects.toEqual(notFound);
  });
});

it('lists_newest_first_by_offset_and_by_cursor', async () => {
  for (const name of ['a', 'b', 'c']) {
    await register(`${name}@example.com`);
    room.clock.advance(1000);
  }
  const first = await list({ limit: 2 });
  expect(first).toMatchObject({ total: 3, limit: 2, offset: 0, hasMore: true });
  expect(first.candidates.map(({ name }) => name)).toEqual(['c', 'b']);
  const rest = await list({ limit: 2, after: first.nextCursor ?? '' });
  expect(rest.candidates.map(({ name }) => name)).toEqual(['a']);
  expect(rest).toMatchObject({ total: 3, hasMore: false, nextCursor: null });
});
