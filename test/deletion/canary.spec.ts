import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { defineEvent, EventCatalogue, FactCodec, subjectOf } from '#event-sourcing';
import { metadataOf } from '#event-sourcing/testing/metadata.js';
import type { EventStore } from '#event-store';
import { openEmbeddedEventStore } from '#event-store/embedded/index.js';
import type { OpsStore } from '#ops-store';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { defineCollection, type ProjectionBuild, type ReadStore } from '#read-store';
import { EmbeddedReadStore } from '#read-store/embedded/index.js';
import { filesUnder, findBytes } from '../support/byte-search.js';

const SECRET = 'a secret for specs, as long as secrets must be';
const EVENTS = 150;

const noted = defineEvent<object>()({
  type: 'noted',
  version: 1,
  layer: 'activity',
  meaning: 'For this spec.',
  structure: { ordinal: 'number', phase: 'word', candidateId: 'id', 'body.exitCode': 'number' },
});
const catalogue = new EventCatalogue([noted]);
const metadata = metadataOf();

const notes = defineCollection<{ text: string }>({ name: 'notes', fields: { text: 'text' }, indexes: [['text']] });
const build: ProjectionBuild = { name: 'notes', version: 1, build: 1 };

/** A text that stands nowhere else, for each place a caller's words can get to. */
const makeCanaries = (owner: string) => {
  const canary = (place: string): string => `${owner}-canary-${place}-${randomBytes(12).toString('hex')}`;
  return {
    text: canary('text'),
    fieldName: canary('field-name'),
    callerId: canary('caller-id'),
    // In the places of structure, where a word, an id and a number are expected.
    phase: canary('phase'),
    candidateId: canary('candidate id'),
    exitCode: canary('exit-code'),
    tooLargeForTheLog: canary('too-large'),
    artifact: canary('artifact'),
    idempotencyKey: canary('idempotency-key'),
    answerHeader: canary('answer-header'),
    answerBody: canary('answer-body'),
  };
};
type Canaries = ReturnType<typeof makeCanaries>;

describe('a deleted session', () => {
  let dataDir = '';
  let log: EventStore;
  let ops: OpsStore;
  let models: ReadStore;
  let codec: FactCodec;

  const open = async (): Promise<void> => {
    log = await openEmbeddedEventStore({ directory: dataDir });
    ops = await EmbeddedOpsStore.open({ dataDir, secret: SECRET });
    models = await EmbeddedReadStore.open({ directory: dataDir });
    await models.prepare(build, [notes]);
    codec = new FactCodec(ops);
  };
  const close = async (): Promise<void> => {
    await Promise.all([log.close(), ops.close(), models.close()]);
  };
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'verbatim-canary-'));
    await open();
  });
  afterEach(async () => {
    await close();
    rmSync(dataDir, { recursive: true });
  });

  /** Fills every place with the canaries, a commit for each event, so that pages are written over and over. */
  const live = async (stream: string, canaries: Canaries): Promise<void> => {
    const subject = subjectOf(stream);
    for (let ordinal = 0; ordinal < EVENTS; ordinal += 1) {
      const { text, fieldName, callerId, phase, candidateId, exitCode, tooLargeForTheLog } = canaries;
      const body = { text: `${'filler '.repeat(ordinal % 40)}${text}`, [fieldName]: [{ [fieldName]: text }], exitCode };
      const large = ordinal % 50 === 0 ? { tooLargeForTheLog: tooLargeForTheLog.repeat(2000) } : {};
      const data = { ordinal, phase, candidateId, callerId, body, ...large };
      const encoded = await codec.encode(
        catalogue,
        stream,
        [{ id: randomUUID(), type: 'noted', data }],
        () => metadata,
      );
      const { position } = await log.append(stream, ordinal === 0 ? 'no_stream' : BigInt(ordinal - 1), encoded);
      const document = { collection: 'notes', id: `${stream}-${ordinal}`, position, body: { text }, expected: null };
      await models.commit(build, [document], position);
      await answer(stream, canaries, ordinal);
    }
    await ops.artifacts.put(subject, Buffer.from(canaries.artifact));
    await ops.deliveries.add({
      id: `delivery-${stream}`,
      orgId: 'org',
      kind: 'invite',
      subject,
      refs: { sessionId: stream },
      queue: null,
      state: 'failed',
      attempts: 1,
      nextAttemptAt: 0,
      createdAt: 0,
      sentAt: null,
      lastError: canaries.text,
    });
  };
  const answer = async (stream: string, { idempotencyKey, answerHeader, answerBody }: Canaries, n: number) => {
    const request = { scope: idempotencyKey, key: `${idempotencyKey} ${n}`, fingerprint: idempotencyKey, now: 0 };
    const start = await ops.idempotency.begin({ ...request, lockUntil: 1000 });
    if (start.outcome !== 'started') throw new Error(start.outcome);
    const answered = { status: 200, headers: { location: answerHeader }, body: answerBody };
    await ops.idempotency.finish({ ...request, token: start.token, answer: answered, subject: subjectOf(stream) });
  };

  const deleteEverything = async (stream: string): Promise<void> => {
    const subject = subjectOf(stream);
    await ops.keys.destroy(subject);
    await ops.artifacts.deleteAll(subject);
    await ops.deliveries.deleteFor(subject);
    await ops.idempotency.deleteFor(subject);
    await ops.purgeFreeSpace();
    await log.deleteStream(stream);
    const position = (await log.head()) + 1n;
    for (let ordinal = 0; ordinal < EVENTS; ordinal += 1) {
      const id = `${stream}-${ordinal}`;
      const stored = (await models.load(build, 'notes', [id])).get(id);
      await models.commit(
        build,
        [{ collection: 'notes', id, position, body: null, expected: stored!.position }],
        position,
      );
    }
    await models.purgeFreeSpace();
  };

  const inOpsDatabase = (sql: string, stream: string): unknown => {
    const database = new DatabaseSync(join(dataDir, 'ops.db'), { readOnly: true });
    const row = database.prepare(sql).get(subjectOf(stream));
    database.close();
    return row?.['found'];
  };
  const wrappedKeyOf = (stream: string): Uint8Array =>
    inOpsDatabase('SELECT wrapped AS found FROM data_keys WHERE subject = ?', stream) as Uint8Array;
  const answersAbout = (stream: string): unknown =>
    inOpsDatabase('SELECT count(*) AS found FROM idempotency WHERE subject = ?', stream);

  it('leaves no byte of what was said in it anywhere in the data directory', async () => {
    const [gone, kept] = [`session-org.${randomUUID()}`, `session-org.${randomUUID()}`];
    const [lost, left] = [makeCanaries('lost'), makeCanaries('left')];
    await Promise.all([live(gone, lost), live(kept, left)]);
    const sealedEvents = (await log.readStream(gone, { limit: 3 })).events;
    const ciphertext = (JSON.parse(Buffer.from(sealedEvents[1]!.data).toString()) as { sealed: string }).sealed;
    const traces = { ...lost, wrappedKey: wrappedKeyOf(gone), ciphertext: Buffer.from(ciphertext) };

    // The search finds what is there: contents where they may stand in the clear, the sealed form and the key.
    expect(findBytes(dataDir, { text: lost.text }, isReadModel)).not.toEqual([]);
    expect(findBytes(dataDir, { wrappedKey: traces.wrappedKey, ciphertext: traces.ciphertext })).not.toEqual([]);
    // A reader of the bare log, of artifacts or of idempotent answers sees none of it even before.
    const { text, ...sealed } = lost;
    expect(findBytes(dataDir, sealed)).toEqual([]);
    expect(findBytes(dataDir, { text }, (file) => !isReadModel(file) && !isOpsDatabase(file))).toEqual([]);

    const artifacts = (): number => filesUnder(join(dataDir, 'artifacts')).length;
    const before = artifacts();
    await deleteEverything(gone);
    expect(findBytes(dataDir, traces)).toEqual([]);
    // Each session had as many; what is sealed under a destroyed key says nothing, and is not left lying about either.
    expect(artifacts()).toBe(before / 2);
    expect([answersAbout(gone), answersAbout(kept)]).toEqual([0, EVENTS]);
    await expect(log.readStream(gone, { limit: 1 })).rejects.toMatchObject({ code: 'stream_deleted' });
    expect((await codec.decode(sealedEvents[1]!)).data).toEqual({ ordinal: 1, body: {} });

    await close();
    expect(findBytes(dataDir, traces)).toEqual([]);
    await open();
    expect((await codec.decode(sealedEvents[1]!)).erased).toBe(true);
    const [fact] = await codec.decodeAll((await log.readStream(kept, { limit: 1 })).events);
    expect(fact?.data).toMatchObject({ callerId: left.callerId, body: { exitCode: left.exitCode } });
  });
});

const isReadModel = (file: string): boolean => file.includes('read-models.db');
const isOpsDatabase = (file: string): boolean => file.includes('ops.db');
