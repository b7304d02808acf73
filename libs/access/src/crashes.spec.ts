import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Type } from '@nestjs/common';
import { AssessmentsModule, CreateAssessment, DeleteAssessment } from '#assessments';
import { CandidatesModule } from '#candidates';
import { CommandContext, FactCodec, type Policy } from '#event-sourcing';
import { EndingLog } from '#event-sourcing/testing/ending-log.js';
import { systemActor } from '#event-sourcing/testing/given.js';
import { type Ground, newGround, Room } from '#event-sourcing/testing/room.js';
import { CreateOrganization, OrganizationsModule } from '#organizations';
import { Sessions, SessionsModule } from '#sessions';
import {
  AccessModule,
  accessPolicies,
  accessProjections,
  CandidateKeys,
  CloseAccess,
  IssueKeys,
  type KeysWish,
  ListKeys,
  RedeemKey,
} from './index.js';

const MODULES = [OrganizationsModule, AssessmentsModule, CandidatesModule, SessionsModule, AccessModule];
/** More appends than any of the commands makes. */
const MOST_APPENDS = 25;

let ground: Ground;
let rooms: Room[];
let room: Room;
let orgId: string;
let assessmentId: string;

const process = async (log = ground.log): Promise<Room> => {
  const opened = await Room.open({ ...ground, log }, MODULES, { projections: accessProjections });
  rooms.push(opened);
  return opened;
};

beforeEach(async () => {
  rooms = [];
  ground = await newGround();
  room = await process();
  orgId = (await room.commands.execute(new CreateOrganization(room.context(), { name: 'Acme' }))).organization.id;
  assessmentId = (await room.commands.execute(new CreateAssessment(room.context(), orgId, { name: 'Backend' }))).id;
});

afterEach(async () => {
  for (const one of rooms) await one.close();
  await ground.log.close();
  await ground.ops.close();
});

const facts = async () => new FactCodec(ground.ops).decodeAll((await ground.log.readAll({ limit: 4096 })).events);
const count = async (type: string) => (await facts()).filter((fact) => fact.type === type).length;
const issue = (by: Room, wish: KeysWish, context = by.context()) =>
  by.commands.execute(new IssueKeys(context, orgId, assessmentId, wish));
const list = () => room.queries.execute(new ListKeys(orgId, assessmentId, { names: true, keys: true }));

/** What the policies of the room do, once they have seen everything there is. */
const react = async (): Promise<void> => {
  for (const Reaction of accessPolicies) {
    const policy: Policy = room.get(Reaction as Type<Policy>);
    for (const fact of await facts())
      if (policy.types.includes(fact.type))
        await policy.react(fact, new CommandContext(systemActor, `${policy.name}:${fact.id}`, room.clock.now()));
  }
};

/** The same in a process that dies after 0, 1, 2 … appends, until it gets through. Answers how often it died. */
const dying = async (attempt: (by: Room) => Promise<unknown>, after: () => Promise<void>): Promise<number> => {
  for (let appends = 0; appends < MOST_APPENDS; appends += 1) {
    const mortal = await process(new EndingLog(ground.log, appends, true));
    const died = await attempt(mortal).then(
      () => false,
      () => true,
    );
    await after();
    if (!died) return appends;
  }
  throw new Error('It never got through.');
};

describe('issuing in a process that dies between any two steps', () => {
  const wish = { count: 2, candidateEmails: ['a@x.io', 'b@x.io'], candidateNames: ['A', 'B'] };

  it('issues all keys or none, and the same request asked again issues them once', async () => {
    const context = () => new CommandContext(systemActor, 'the-same-request', room.clock.now());
    const died = await dying(
      (mortal) => issue(mortal, wish, context()),
      async () => expect([0, 2]).toContain((await list()).length),
    );
    expect(died).toBeGreaterThan(2);
    const again = await issue(room, wish, context());
    expect(await list()).toEqual(again);
    expect(await count('candidate_keys_issued')).toBe(1);
    expect(again.map(({ candidateEmail }) => candidateEmail)).toEqual(['a@x.io', 'b@x.io']);
  });
});

describe('redeeming in a process that dies between any two steps', () => {
  it('leads to one session however often it is tried', async () => {
    const [{ key } = { key: null }] = await issue(room, { count: 1 });
    const redeem = async (by: Room) => {
      const bearer = await by.get(CandidateKeys).resolve(key!);
      await by.commands.execute(new RedeemKey(by.context(), bearer, 'Ada'));
    };
    expect(await dying(redeem, async () => {})).toBeGreaterThan(2);
    await redeem(room);
    expect(await count('candidate_key_redeemed')).toBe(1);
    expect(await count('session_invited')).toBe(1);
    expect(await count('task_started')).toBe(1);
  });

  it('leaves a redeemed key without a session to the policy, which starts no clock', async () => {
    const [{ key } = { key: null }] = await issue(room, { count: 1 });
    const mortal = await process(new EndingLog(ground.log, 1, true));
    const bearer = await mortal.get(CandidateKeys).resolve(key!);
    await expect(mortal.commands.execute(new RedeemKey(mortal.context(), bearer, null))).rejects.toThrow();
    expect(await count('session_invited')).toBe(0);
    await react();
    await react();
    const found = await room.get(Sessions).find(orgId, bearer.sessionId);
    expect(found?.state).toMatchObject({ status: 'invited', attempt: 1, assessmentId });
  });
});

describe('deleting the assessment in a process that dies before its keys are revoked', () => {
  it('leaves them to the policy', async () => {
    const [{ key } = { key: null }] = await issue(room, { count: 1 });
    await room.commands.execute(new DeleteAssessment(room.context(), orgId, assessmentId));
    const mortal = await process(new EndingLog(ground.log, 0, true));
    await expect(mortal.commands.execute(new CloseAccess(mortal.context(), orgId, assessmentId))).rejects.toThrow();
    await react();
    await expect(room.get(CandidateKeys).resolve(key!)).rejects.toMatchObject({ code: 'invalid_key' });
    expect(await count('candidate_keys_revoked')).toBe(1);
  });
});

it('what is stored of a key gives it away nowhere', async () => {
  const keys = await issue(room, { count: 3, candidateEmails: ['a@x.io', 'b@x.io', 'c@x.io'] });
  const { events } = await ground.log.readAll({ limit: 4096 });
  const stored = events.map(({ stream, data, metadata }) => `${stream} ${Buffer.from(data)} ${Buffer.from(metadata)}`);
  for (const { key } of keys)
    for (const text of [key!, key!.slice(4), key!.slice(4, 8), key!.replaceAll('-', '')])
      expect(stored.filter((event) => new RegExp(`(?<![A-Za-z0-9+/])${text}(?![A-Za-z0-9+/])`).test(event))).toEqual(
        [],
      );
});
