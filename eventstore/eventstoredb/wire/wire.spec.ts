import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventData, RecordedEvent } from '../../port/index.js';
import { identifierOf, uuidOf } from '../records.js';
import { encodeAppend } from './append-request.js';
import { decodeAppendAnswer } from './append-response.js';
import { decodeReadMessage } from './read-response.js';

const RUNS = { numRuns: 200 };
const bytes = fc.uint8Array({ maxLength: 300 });
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
/** A tombstone's revision is 2^63-1; 2^53 is where numbers lose their last digits. */
const place = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, 2n ** 53n + 1n, 2n ** 63n - 1n),
);
const event: fc.Arbitrary<EventData> = fc.record({
  id: fc.uuid(),
  type: text,
  contentType: fc.constantFrom('application/json', 'application/octet-stream'),
  data: bytes,
  metadata: bytes,
});
const recorded: fc.Arbitrary<RecordedEvent> = fc
  .record({ event, stream: text, revision: place, position: place })
  .map(({ event: one, ...rest }) => ({ ...one, ...rest }));
const form = fc.constantFrom('string', 'structured');
const moment = fc.integer({ min: 1, max: 4e12 });

type Form = 'string' | 'structured';
type WireRecord =
  | InstanceType<typeof streams.ReadResp.ReadEvent.RecordedEvent>
  | InstanceType<typeof persistent.ReadResp.ReadEvent.RecordedEvent>;

function uuidIn(how: Form, id: string) {
  if (how === 'string') return uuidOf(id);
  const half = (digits: string): string => BigInt.asIntN(64, BigInt(`0x${digits}`)).toString();
  const hex = id.replaceAll('-', '');
  const halves = new shared.UUID.Structured();
  halves.setMostSignificantBits(half(hex.slice(0, 16)));
  halves.setLeastSignificantBits(half(hex.slice(16)));
  const uuid = new shared.UUID();
  uuid.setStructured(halves);
  return uuid;
}

/** As a server writes it, with what is not looked at here too. */
function filled<Wire extends WireRecord>(wire: Wire, one: RecordedEvent, how: Form): Wire {
  wire.setId(uuidIn(how, one.id));
  wire.setStreamIdentifier(identifierOf(one.stream));
  wire.setStreamRevision(`${one.revision}`);
  wire.setPreparePosition(`${one.position}`);
  wire.setCommitPosition(`${one.position}`);
  wire.getMetadataMap().set('created', '17').set('type', one.type).set('content-type', one.contentType);
  wire.setData(one.data);
  wire.setCustomMetadata(one.metadata);
  return wire;
}

const encoded = (message: { serializeBinary(): Uint8Array }): Buffer => Buffer.from(message.serializeBinary());

describe('what is read by hand', () => {
  it('is the event, and the link that led to it, that the generated classes wrote, in both forms of ids', () => {
    const sides = fc.oneof(
      fc.record({ event: recorded }),
      fc.record({ link: recorded }),
      fc.record({ event: recorded, link: recorded }),
    );
    fc.assert(
      fc.property(sides, form, (sent, how) => {
        const { event: target, link } = { event: undefined, link: undefined, ...sent };
        const read = new streams.ReadResp.ReadEvent();
        if (target) read.setEvent(filled(new streams.ReadResp.ReadEvent.RecordedEvent(), target, how));
        if (link) read.setLink(filled(new streams.ReadResp.ReadEvent.RecordedEvent(), link, how));
        read.setCommitPosition('17');
        const message = new streams.ReadResp();
        message.setEvent(read);
        const whole = { read: { event: target, link, retries: 0 }, lastRevision: undefined, isMissing: false };
        expect(decodeReadMessage(encoded(message))).toStrictEqual(whole);
      }),
      RUNS,
    );
  });

  it('is what a group sends, with how often it was handed out before', () => {
    fc.assert(
      fc.property(recorded, fc.nat({ max: 2 ** 31 - 1 }), form, (one, retries, how) => {
        const read = new persistent.ReadResp.ReadEvent();
        read.setEvent(filled(new persistent.ReadResp.ReadEvent.RecordedEvent(), one, how));
        read.setCommitPosition('17');
        read.setRetryCount(retries);
        const message = new persistent.ReadResp();
        message.setEvent(read);
        expect(decodeReadMessage(encoded(message)).read).toStrictEqual({ event: one, link: undefined, retries });
      }),
      RUNS,
    );
  });

  it('tells where a stream ends and that there is none, and passes over all else that a server says', () => {
    const nothing = { read: undefined, lastRevision: undefined, isMissing: false };
    fc.assert(
      fc.property(place, (revision) => {
        const last = new streams.ReadResp();
        last.setLastStreamPosition(`${revision}`);
        expect(decodeReadMessage(encoded(last))).toEqual({ ...nothing, lastRevision: revision });
        const checkpoint = new streams.ReadResp.Checkpoint();
        checkpoint.setCommitPosition(`${revision}`);
        const passing = new streams.ReadResp();
        passing.setCheckpoint(checkpoint);
        expect(decodeReadMessage(encoded(passing))).toEqual(nothing);
      }),
      RUNS,
    );
    const missing = new streams.ReadResp();
    const notFound = new streams.ReadResp.StreamNotFound();
    notFound.setStreamIdentifier(identifierOf('none'));
    missing.setStreamNotFound(notFound);
    expect(decodeReadMessage(encoded(missing))).toEqual({ ...nothing, isMissing: true });
    const confirmed = new streams.ReadResp();
    confirmed.setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId('one'));
    const caughtUp = new streams.ReadResp();
    caughtUp.setCaughtUp(new streams.ReadResp.CaughtUp());
    for (const passing of [confirmed, caughtUp]) expect(decodeReadMessage(encoded(passing))).toEqual(nothing);
  });

  it('is no event when the message is cut off: it is refused', () => {
    const read = new streams.ReadResp.ReadEvent();
    const one = {
      id: 'x',
      type: 't',
      contentType: 'application/json',
      stream: 's',
      revision: 1n,
      position: 1n,
    } as const;
    const [data, metadata] = [new Uint8Array(9), new Uint8Array(9)];
    read.setEvent(filled(new streams.ReadResp.ReadEvent.RecordedEvent(), { ...one, data, metadata }, 'string'));
    const message = new streams.ReadResp();
    message.setEvent(read);
    const whole = encoded(message);
    for (let length = 1; length < whole.length; length += 1)
      expect(() => decodeReadMessage(whole.subarray(0, length))).toThrow(RangeError);
  });

  it('is what the server answered to an append, in both forms of ids', () => {
    fc.assert(
      fc.property(fc.uuid(), place, fc.option(place), form, (correlation, revision, position, how) => {
        const success = new streams.BatchAppendResp.Success();
        success.setCurrentRevision(`${revision}`);
        if (position !== null) {
          const at = new shared.AllStreamPosition();
          at.setCommitPosition(`${position}`);
          at.setPreparePosition(`${position}`);
          success.setPosition(at);
        }
        const answer = new streams.BatchAppendResp();
        answer.setCorrelationId(uuidIn(how, correlation));
        answer.setStreamIdentifier(identifierOf('s'));
        answer.setSuccess(success);
        const stands = { revision, position: position ?? undefined };
        expect(decodeAppendAnswer(encoded(answer))).toEqual({ correlation, success: stands, error: undefined });
      }),
      RUNS,
    );
    const refused = new streams.BatchAppendResp();
    refused.setCorrelationId(uuidOf('00000000-0000-4000-8000-000000000000'));
    refused.setError(new status.Status().setCode(6).setMessage('WrongExpectedVersion'));
    const { success, error } = decodeAppendAnswer(encoded(refused));
    expect([success, error?.getCode(), error?.getMessage()]).toEqual([undefined, 6, 'WrongExpectedVersion']);
  });
});

describe('an append written by hand', () => {
  it('is read by the generated classes as what it was', () => {
    const expected = fc.oneof(
      fc.constant('no_stream' as const),
      fc.bigInt({ min: 0n, max: BigInt(Number.MAX_SAFE_INTEGER) }),
    );
    const several = fc.array(event, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.uuid(), text, expected, several, moment, (correlation, stream, at, events, deadline) => {
        const written = encodeAppend(correlation, { stream, expected: at, events }, deadline);
        const request = streams.BatchAppendReq.deserializeBinary(written);
        const options = request.getOptions()!;
        expect(request.getCorrelationId()?.getString()).toBe(correlation);
        expect(request.getIsFinal()).toBe(true);
        expect(Buffer.from(options.getStreamIdentifier()!.getStreamName_asU8()).toString()).toBe(stream);
        expect(options.hasNoStream() ? 'no_stream' : BigInt(options.getStreamPosition())).toBe(at);
        expect(options.getDeadline()?.getSeconds()).toBe(Math.ceil(deadline / 1_000));
        expect(request.getProposedMessagesList().map(proposed)).toStrictEqual(events.map(comparable));
        expect(Buffer.from(request.serializeBinary()).length).toBe(written.length);
      }),
      RUNS,
    );
  });
});

const comparable = ({ data, metadata, ...rest }: EventData) => ({ ...rest, data: [...data], metadata: [...metadata] });

const proposed = (message: InstanceType<typeof streams.BatchAppendReq.ProposedMessage>) => ({
  id: message.getId()?.getString(),
  type: message.getMetadataMap().get('type'),
  contentType: message.getMetadataMap().get('content-type'),
  data: [...message.getData_asU8()],
  metadata: [...message.getCustomMetadata_asU8()],
});
