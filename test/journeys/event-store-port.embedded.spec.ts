import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AllStreamSubscription,
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToAllSettingsFromDefaults,
  type ResolvedEvent,
  START,
} from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { atWork, newAssessment } from '../support/candidate.js';
import { verbatim } from '../support/cli.js';
import { failureOf } from '../support/failure.js';
import { freePort } from '../support/free-port.js';
import { endAll, Server } from '../support/server.js';
import { until } from '../support/until.js';

const OPERATOR = 'operator-token-of-the-event-store-spec-0123456789';
const RECORDED = join(process.cwd(), 'test/fixtures/recorded');

interface Key {
  readonly id: string;
  readonly key: string;
}

describe('a start with the event store port', () => {
  afterAll(endAll);

  it('ends in one line when the port is taken, or the given certificate cannot be used', async () => {
    const taken = await freePort();
    const first = await Server.start({ env: { VERBATIM_EVENT_STORE_PORT: String(taken) } });
    const second = await Server.launch({ env: { VERBATIM_EVENT_STORE_PORT: String(taken) } });
    expect(await failureOf(second)).toMatch(
      /VERBATIM_EVENT_STORE_PORT will not do: port \d+ on 127\.0\.0\.1 cannot be listened on: it is in use\.$/,
    );
    const third = await Server.launch({
      env: {
        VERBATIM_EVENT_STORE_PORT: String(await freePort()),
        VERBATIM_EVENT_STORE_TLS_CERT: join(first.dataDir, 'event-store.crt'),
        VERBATIM_EVENT_STORE_TLS_KEY: join(first.dataDir, 'no-such.key'),
      },
    });
    expect(await failureOf(third)).toMatch(/VERBATIM_EVENT_STORE_TLS_CERT and its key will not do: .*ENOENT/);
  });

  it('takes a certificate that is given, and then makes none', async () => {
    const made = await Server.start({ env: { VERBATIM_EVENT_STORE_PORT: String(await freePort()) } });
    const port = await freePort();
    const server = await Server.start({
      env: {
        VERBATIM_EVENT_STORE_PORT: String(port),
        VERBATIM_EVENT_STORE_TLS_CERT: join(made.dataDir, 'event-store.crt'),
        VERBATIM_EVENT_STORE_TLS_KEY: join(made.dataDir, 'event-store.key'),
      },
    });
    expect(await told(server)).toContain(`esdb://127.0.0.1:${port}?tls=true\n`);
    expect(readdirSync(server.dataDir)).not.toContain('event-store.key');
  });

  it('is needed: without one nothing of it is opened, made or told', async () => {
    const server = await Server.start();
    expect(await told(server)).not.toContain('esdb://');
    expect(readdirSync(server.dataDir)).not.toContain('event-store.crt');
  });
});

describe('the event store port beside the server', () => {
  let server: Server;
  let port: number;
  const clients: EventStoreDBClient[] = [];

  beforeAll(async () => {
    port = await freePort();
    server = await Server.start({
      env: { VERBATIM_EVENT_STORE_PORT: String(port), VERBATIM_OPERATOR_TOKEN: OPERATOR, VERBATIM_RATE_LIMIT: 'on' },
    });
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.dispose()));
    await endAll();
  });

  const certificate = (): string => join(server.dataDir, 'event-store.crt');

  const connect = (user: string, password: string): EventStoreDBClient => {
    const who = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
    const client = EventStoreDBClient.connectionString`esdb://${who}@127.0.0.1:${port}?tls=true&tlsCAFile=${certificate()}`;
    clients.push(client);
    return client;
  };

  const newKey = async (role: string, by = server.owner): Promise<Key> => {
    const { body } = await by.post('/api/api-keys', { name: role, role });
    return { id: body.apiKey.id, key: body.key };
  };

  const as = async (role: string): Promise<EventStoreDBClient> => {
    const { id, key } = await newKey(role);
    return connect(id, key);
  };

  const streamsSeen = async (client: EventStoreDBClient): Promise<string[]> => {
    const seen = new Set<string>();
    for await (const { event } of client.readAll({ fromPosition: START, maxCount: 1_000 }))
      seen.add(event!.streamId.replace(/-.*/, ''));
    return [...seen].toSorted();
  };

  const failure = (work: Promise<unknown>): Promise<{ code: number | undefined; type: string }> =>
    work.then(
      () => {
        throw new Error('It was let in.');
      },
      (error: { code?: number; type: string }) => ({ code: error.code, type: error.type }),
    );

  it("is told at the start, with the certificate to trust, whose key is its owner's alone", async () => {
    expect(await told(server)).toContain(`esdb://127.0.0.1:${port}?tls=true&tlsCAFile=${certificate()}`);
    expect(readFileSync(certificate(), 'utf8')).toContain('BEGIN CERTIFICATE');
    expect(statSync(join(server.dataDir, 'event-store.key')).mode & 0o777).toBe(0o600);
  });

  it("shows an admin and an auditor what is their organization's, and a scorer its sessions", async () => {
    const assessment = await newAssessment(server.owner);
    await atWork(server, assessment, 'seen@example.com');
    const everything = ['assessment', 'candidate', 'organization', 'session'];
    expect(await streamsSeen(await as('admin'))).toEqual(everything);
    expect(await streamsSeen(await as('auditor'))).toEqual(everything);
    expect(await streamsSeen(await as('scorer'))).toEqual(['session']);
  });

  it("lets in nobody by a wrong password, another key's id, or none", async () => {
    const [one, other] = [await newKey('auditor'), await newKey('auditor')];
    for (const [user, password] of [
      [one.id, `${one.key}x`],
      [one.id, other.key],
      ['admin', 'changeit'],
    ] as const)
      expect(await failure(streamsSeen(connect(user, password)))).toEqual({ code: 16, type: 'access-denied' });
    const nobody = EventStoreDBClient.connectionString`esdb://127.0.0.1:${port}?tls=true&tlsCAFile=${certificate()}`;
    clients.push(nobody);
    expect(await failure(streamsSeen(nobody))).toEqual({ code: 7, type: 'access-denied' });
  });

  it.each(['reviewer', 'runtime'])('refuses the key of a %s', async (role) => {
    expect(await failure(streamsSeen(await as(role)))).toEqual({ code: 7, type: 'access-denied' });
  });

  it('takes nothing from anybody: no append, no delete, no persistent subscription', async () => {
    const client = await as('admin');
    const stream = 'session-anything';
    const { id, key } = await newKey('admin');
    const credentials = { username: id, password: key };
    const settings = persistentSubscriptionToAllSettingsFromDefaults();
    for (const change of [
      () => client.appendToStream(stream, jsonEvent({ type: 'made-up', data: {} })),
      () => client.appendToStream(stream, jsonEvent({ type: 'made-up', data: {} }), { credentials }),
      () => client.deleteStream(stream),
      () => client.tombstoneStream(stream),
      () => client.createPersistentSubscriptionToAll('group', settings),
      () => client.deletePersistentSubscriptionToAll('group'),
      () => client.listAllPersistentSubscriptions(),
    ])
      expect(await failure(change())).toMatchObject({ type: 'access-denied' });
  });

  it("never shows another organization, the system's streams, or a text", async () => {
    const made = await server.as(OPERATOR).post('/api/organizations', { name: 'Others' });
    const others = server.as(made.body.key);
    const secret = 'a task nobody else may know';
    const theirs = await newAssessment(others, { name: 'Theirs', objective: secret });
    const invited = await others.post(`/api/assessments/${theirs}/invite`, { email: 'theirs@example.com' });
    const client = await as('admin');
    for await (const { event } of client.readAll({ fromPosition: START, maxCount: 5_000 })) {
      expect(event!.streamId).not.toContain(made.body.organization.id);
      expect(event!.streamId).not.toMatch(/^(\$|credential-|email-)/);
    }
    for (const stream of [
      `session-${made.body.organization.id}.${invited.body.session.id}`,
      `organization-${made.body.organization.id}`,
      '$persistentSubscriptionConfig',
      '$$session-x',
    ])
      expect(await failure(collect(client, stream))).toEqual({ code: 7, type: 'access-denied' });
    const own = await newKey('auditor', others);
    const shown = await all(connect(own.id, own.key));
    const text = JSON.stringify(shown.map(({ event }) => [event!.data, event!.metadata]));
    expect(text).toContain(invited.body.session.id);
    for (const sealed of ['theirs@example.com', secret]) expect(text).not.toContain(sealed);
  });

  it("shows a session's events live while `verbatim record` plays it", async () => {
    const assessment = await newAssessment(server.owner);
    const client = await as('scorer');
    const types: string[] = [];
    const subscription = client.subscribeToAll({ fromPosition: 'end' });
    subscription.on('error', () => {});
    subscription.on('data', ({ event }) => {
      expect(event!.streamId).toMatch(/^session-/);
      types.push(event!.type);
    });
    await confirmed(subscription);
    const seenWhileItPlayed: number[] = [];
    const playing = verbatim(server, [
      'record',
      join(RECORDED, 'agtrace-claude_session.jsonl'),
      '--assessment',
      assessment,
    ]).finally(() => seenWhileItPlayed.push(types.length));
    expect(await playing).toMatchObject({ code: 0 });
    expect(seenWhileItPlayed[0]).toBeGreaterThan(10);
    await until(
      async () => types,
      (seen) => seen.includes('task_submitted'),
    );
    await subscription.unsubscribe();
  });

  it('ends the subscriptions of a key that is revoked', async () => {
    const { id, key } = await newKey('auditor');
    const client = connect(id, key);
    const subscription = client.subscribeToAll({ fromPosition: START });
    const ended = new Promise<unknown>((resolve) => subscription.once('error', resolve));
    subscription.on('data', () => {});
    await confirmed(subscription);
    expect((await server.owner.delete(`/api/api-keys/${id}`)).status).toBeLessThan(300);
    expect(await ended).toMatchObject({ type: 'access-denied', code: 7 });
    expect(await failure(streamsSeen(client))).toMatchObject({ type: 'access-denied' });
  });

  it('makes guessers wait', async () => {
    const codes = new Set<number | undefined>();
    const client = connect('somebody', 'gai_wrong-wrong-wrong-wrong-wrong');
    for (let guess = 0; guess < 70 && !codes.has(8); guess += 1) codes.add((await failure(streamsSeen(client))).code);
    expect(codes).toEqual(new Set([16, 8]));
    expect(await streamsSeen(await as('scorer'))).toEqual(['session']);
  });
});

/** What a start prints, to its last line. */
const told = (server: Server): Promise<string> =>
  until(
    async () => server.printed,
    (printed) => printed.includes('Stop with Ctrl-C.'),
  );

const confirmed = (subscription: AllStreamSubscription): Promise<void> =>
  new Promise((resolve, reject) => {
    subscription.once('confirmation', resolve);
    subscription.once('error', reject);
  });

async function collect(client: EventStoreDBClient, stream: string): Promise<ResolvedEvent[]> {
  const events: ResolvedEvent[] = [];
  for await (const event of client.readStream(stream)) events.push(event);
  return events;
}

async function all(client: EventStoreDBClient): Promise<ResolvedEvent[]> {
  const events: ResolvedEvent[] = [];
  for await (const event of client.readAll({ fromPosition: START, maxCount: 5_000 }))
    events.push(event as ResolvedEvent);
  return events;
}
