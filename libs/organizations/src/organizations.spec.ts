import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AggregateStore, CommandContext, streamName } from '#event-sourcing';
import { type Ground, newGround, Room } from '#event-sourcing/testing/room.js';
import { type EventStore, EventStoreError } from '#event-store';
import { CredentialClaims } from './credential-claims.js';
import {
  CreateOrganization,
  Credentials,
  FirstStart,
  GetOrganization,
  IssueApiKey,
  type KeyWish,
  ListApiKeys,
  OrganizationsModule,
  RecordSessionErased,
  RevokeApiKey,
  UpdateOrganization,
} from './index.js';
import { KeySecrets } from './key-secrets.js';
import { organizationAggregate } from './organization.aggregate.js';

const ADMIN_KEY = 'gai_admin-key-of-the-specs-0123456789';
const rooms: Room[] = [];
let ground: Ground;

const start = async (env: Record<string, string> = {}, on: Ground = ground): Promise<Room> => {
  const room = await Room.open(on, [OrganizationsModule], { env });
  rooms.push(room);
  return room;
};
const withAdminKey = { VERBATIM_ADMIN_KEY: ADMIN_KEY };
const refusal = (code: string) => expect.objectContaining({ code });

beforeEach(async () => {
  ground = await newGround();
});

afterEach(async () => {
  await Promise.all(rooms.splice(0).map((room) => room.close()));
  await ground.log.close();
  await ground.ops.close();
});

describe('the first start', () => {
  it('makes an organization and an owner key, which each start tells until one has told it', async () => {
    const room = await start();
    const first = await room.get(FirstStart).run();
    expect(first).toEqual({ created: true, key: expect.stringMatching(/^gai_[\w-]{43}$/), warning: null });
    expect(await room.get(Credentials).resolve(first.key!)).toMatchObject({ kind: 'key', role: 'owner', pii: true });
    const second = (await start()).get(FirstStart);
    expect(await second.run()).toEqual({ created: false, key: first.key, warning: null });
    await second.noteKeyTold();
    expect(await (await start()).get(FirstStart).run()).toEqual({ created: false, key: null, warning: null });
  });

  it('tells no key that was revoked before anybody was told', async () => {
    const room = await start();
    const { key } = await room.get(FirstStart).run();
    const { orgId, keyId } = await room.get(Credentials).resolve(key!);
    await room.commands.execute(new IssueApiKey(room.context(), orgId, { name: 'Other', role: 'owner' }));
    await room.commands.execute(new RevokeApiKey(room.context(), orgId, keyId));
    expect(await (await start()).get(FirstStart).run()).toEqual({ created: false, key: null, warning: null });
  });

  it('registers the key it was given and does not tell it again', async () => {
    const room = await start(withAdminKey);
    expect(await room.get(FirstStart).run()).toEqual({ created: true, key: null, warning: null });
    expect(await room.get(Credentials).resolve(ADMIN_KEY)).toMatchObject({ role: 'owner' });
    expect(await (await start(withAdminKey)).get(FirstStart).run()).toMatchObject({ created: false, warning: null });
  });

  it('ignores another key on a later start, with a warning', async () => {
    await (await start(withAdminKey)).get(FirstStart).run();
    const later = await start({ VERBATIM_ADMIN_KEY: `${ADMIN_KEY}-other` });
    expect(await later.get(FirstStart).run()).toMatchObject({
      created: false,
      warning: expect.stringContaining('VERBATIM_ADMIN_KEY is not a key of this server'),
    });
    await expect(later.get(Credentials).resolve(`${ADMIN_KEY}-other`)).rejects.toEqual(refusal('invalid_api_key'));
  });

  it.each([[{}], [withAdminKey]])('makes one organization when processes race (%j)', async (env) => {
    const processes = await Promise.all([start(env), start(env), start(env)]);
    const results = await Promise.all(processes.map((room) => room.get(FirstStart).run()));
    const winners = results.filter(({ created }) => created);
    expect(winners).toHaveLength(1);
    // Whichever of them gets to print first: it is one key.
    const told = winners[0]!.key;
    expect(told === null).toBe('VERBATIM_ADMIN_KEY' in env);
    expect(results.map(({ key, warning }) => [key, warning])).toEqual(Array(3).fill([told, null]));
    const key = told ?? ADMIN_KEY;
    const principals = await Promise.all(processes.map((room) => room.get(Credentials).resolve(key)));
    expect(new Set(principals.map(({ orgId }) => orgId)).size).toBe(1);
    const { events } = await ground.log.readAll({ limit: 100, filter: { types: ['organization_created'] } });
    expect(events).toHaveLength(1);
  });

  it('is completed by the next one when it breaks off between claiming the key and founding', async () => {
    const broken = await start(withAdminKey, { ...ground, log: breakingOff(ground.log, 'organization-') });
    await expect(broken.get(FirstStart).run()).rejects.toEqual(refusal('storage_unavailable'));
    const next = await start(withAdminKey);
    await expect(next.get(Credentials).resolve(ADMIN_KEY)).rejects.toEqual(refusal('invalid_api_key'));
    expect(await next.get(FirstStart).run()).toEqual({ created: true, key: null, warning: null });
    expect(await next.get(Credentials).resolve(ADMIN_KEY)).toMatchObject({ role: 'owner' });
  });
});

describe('an API key', () => {
  let room: Room;
  let orgId: string;
  let owner: string;
  const issue = async (wish: KeyWish) => room.commands.execute(new IssueApiKey(room.context(), orgId, wish));

  beforeEach(async () => {
    room = await start();
    const founded = await room.commands.execute(new CreateOrganization(room.context(), { name: 'Acme' }));
    orgId = founded.organization.id;
    owner = founded.key;
  });

  it('opens its own organization with the role and name it was made with', async () => {
    const { apiKey, key } = await issue({ name: 'Grading', role: 'auditor', pii: true });
    expect(await room.get(Credentials).resolve(key)).toEqual({
      kind: 'key',
      orgId,
      keyId: apiKey.id,
      name: 'Grading',
      role: 'auditor',
      pii: true,
    });
    expect(key.startsWith(apiKey.keyPrefix)).toBe(true);
  });

  it('is nowhere in the log, nor is its name', async () => {
    const { key } = await issue({ name: 'Grading of Grace Hopper' });
    const { events } = await ground.log.readAll({ limit: 100 });
    const bytes = Buffer.concat(events.flatMap(({ stream, data, metadata }) => [Buffer.from(stream), data, metadata]));
    for (const secret of [owner, key, 'Grace Hopper', 'Acme']) expect(bytes.includes(secret)).toBe(false);
  });

  it('is the same one when its request is repeated within a day, and is not told again later', async () => {
    const request = new IssueApiKey(room.context(), orgId, { name: 'CI', role: 'reviewer' });
    const first = await room.commands.execute(request);
    expect(await room.commands.execute(request)).toEqual(first);
    expect((await room.queries.execute(new ListApiKeys(orgId))).map(({ name }) => name)).toEqual(['CI', 'Owner key']);
    room.clock.advance(24 * 60 * 60 * 1000 + 1);
    const { actor, commandId } = request.context;
    const later = new IssueApiKey(new CommandContext(actor, commandId, room.clock.now()), orgId, request.wish);
    await expect(room.commands.execute(later)).rejects.toEqual(refusal('idempotency_key_reuse'));
  });

  it.each(['credential-', 'organization-'])('is issued once when the first try breaks off at %s', async (step) => {
    const broken = await start({}, { ...ground, log: breakingOff(ground.log, step) });
    const request = new IssueApiKey(room.context(), orgId, { name: 'CI' });
    await expect(broken.commands.execute(request)).rejects.toEqual(refusal('storage_unavailable'));
    const { apiKey, key } = await room.commands.execute(request);
    expect(await room.get(Credentials).resolve(key)).toMatchObject({ keyId: apiKey.id });
    expect((await room.queries.execute(new ListApiKeys(orgId))).map(({ name }) => name)).toEqual(['CI', 'Owner key']);
  });

  it('is refused at once when it was revoked, although it was in use a moment ago', async () => {
    const { apiKey, key } = await issue({ name: 'CI' });
    const credentials = room.get(Credentials);
    await credentials.resolve(key);
    const underWay = Array.from({ length: 20 }, () => credentials.resolve(key).catch(() => undefined));
    await room.commands.execute(new RevokeApiKey(room.context(), orgId, apiKey.id));
    await Promise.all(underWay);
    await expect(credentials.resolve(key)).rejects.toEqual(refusal('key_revoked'));
  });

  it('is refused from the moment it expires', async () => {
    const expiresAt = new Date(room.clock.now() + 1000).toISOString();
    const { key } = await issue({ name: 'Short', expiresAt });
    await room.get(Credentials).resolve(key);
    room.clock.advance(1000);
    await expect(room.get(Credentials).resolve(key)).rejects.toEqual(refusal('key_expired'));
    const [shown] = await room.queries.execute(new ListApiKeys(orgId));
    expect(shown).toMatchObject({ name: 'Short', expiresAt, isActive: false });
  });

  it.each(['', 'gai_', 'gai_too-short', 'PST-ABCD-1234', `gai_${'x'.repeat(43)}`, `gai_${'é'.repeat(43)}`])(
    'is unknown when it is %j',
    async (secret) => {
      await expect(room.get(Credentials).resolve(secret)).rejects.toEqual(refusal('invalid_api_key'));
    },
  );

  it('means nothing while it is only claimed', async () => {
    const key = await room.get(KeySecrets).make('key-1');
    await room.get(CredentialClaims).claim(room.context(), { orgId, keyId: 'key-1', key });
    await expect(room.get(Credentials).resolve(key)).rejects.toEqual(refusal('invalid_api_key'));
  });

  it('leaves no claim behind when it is refused', async () => {
    const before = await ground.log.head();
    await expect(issue({ name: '' })).rejects.toEqual(refusal('invalid_parameter'));
    expect(await ground.log.head()).toBe(before);
  });

  it('is listed, newest first, with its last use; a revoked one is not', async () => {
    const { apiKey: revoked } = await issue({ name: 'Revoked' });
    const { apiKey, key } = await issue({ name: 'Used' });
    await room.commands.execute(new RevokeApiKey(room.context(), orgId, revoked.id));
    room.clock.advance(60_000);
    await room.get(Credentials).resolve(key);
    const listed = await room.queries.execute(new ListApiKeys(orgId));
    expect(listed.map(({ name }) => name)).toEqual(['Used', 'Owner key']);
    expect(listed[0]).toEqual({ ...apiKey, lastUsedAt: new Date(room.clock.now()).toISOString() });
  });

  it('cannot be revoked from another organization', async () => {
    const other = await room.commands.execute(new CreateOrganization(room.context(), { name: 'Other' }));
    const { apiKey, key } = await issue({ name: 'CI' });
    const revoke = new RevokeApiKey(room.context(), other.organization.id, apiKey.id);
    await expect(room.commands.execute(revoke)).rejects.toEqual(refusal('not_found'));
    expect(await room.get(Credentials).resolve(key)).toMatchObject({ orgId });
  });
});

describe('an organization', () => {
  it('is founded once, with one owner key, however often its request is repeated within a day', async () => {
    const room = await start();
    const context = room.context();
    const first = await room.commands.execute(new CreateOrganization(context, { name: 'Acme' }));
    expect(await room.commands.execute(new CreateOrganization(context, { name: 'Acme' }))).toEqual(first);
    expect(await room.get(Credentials).resolve(first.key)).toMatchObject({ orgId: first.organization.id });
    room.clock.advance(24 * 60 * 60 * 1000 + 1);
    const later = new CommandContext(context.actor, context.commandId, room.clock.now());
    await expect(room.commands.execute(new CreateOrganization(later, { name: 'Acme' }))).rejects.toEqual(
      refusal('idempotency_key_reuse'),
    );
  });

  it('shows what it was changed to', async () => {
    const room = await start();
    const { organization } = await room.commands.execute(new CreateOrganization(room.context(), { name: 'Acme' }));
    const changes = { name: 'Acme Ltd', subscription: 'trial_expired', monthlyAssessmentQuota: 2 } as const;
    await room.commands.execute(new UpdateOrganization(room.context(), organization.id, changes));
    expect(await room.queries.execute(new GetOrganization(organization.id))).toEqual({ ...organization, ...changes });
  });

  it('keeps one fact of an erased session, however often the deletion is repeated', async () => {
    const room = await start();
    const { organization } = await room.commands.execute(new CreateOrganization(room.context(), { name: 'Acme' }));
    const erased = { sessionId: 'session-1', by: 'key-1', reason: 'requested' };
    for (let round = 0; round < 3; round += 1)
      await room.commands.execute(new RecordSessionErased(room.context(), organization.id, erased));
    const stream = streamName(organizationAggregate.category, organization.id);
    const { facts } = await room.get(AggregateStore).facts(stream, { limit: 100 });
    expect(facts.filter(({ type }) => type === 'session_erased').map(({ data }) => data)).toEqual([erased]);
  });
});

/** A log that cannot be written where the stream's name begins so: what a crash between two steps leaves. */
const breakingOff = (log: EventStore, prefix: string): EventStore =>
  new Proxy(log, {
    get(target, name) {
      if (name === 'append')
        return async (...args: Parameters<EventStore['append']>) => {
          if (args[0].startsWith(prefix)) throw new EventStoreError('unavailable', 'Broken off.');
          return target.append(...args);
        };
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
