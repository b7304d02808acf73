import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import empties from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamps from 'google-protobuf/google/protobuf/timestamp_pb.js';
import type { Expected } from '../log/node-log.js';
import { structuredUuid } from '../uuids.js';
import { decodeAppend, decodeBatchAppend } from './append-requests.js';
import { appendOptions, identifier, proposed } from './testing/raw.js';

const text = fc.string({ unit: 'grapheme', maxLength: 60 });
const event = fc.record({
  id: fc.uuid(),
  type: text,
  contentType: fc.constantFrom('application/json', 'application/octet-stream'),
  data: fc.uint8Array({ maxLength: 300 }),
  metadata: text,
  more: fc.constantFrom({}, { colour: 'red' }),
});
const expected: fc.Arbitrary<Expected> = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
  fc.constantFrom('no_stream', 'any', 'stream_exists'),
);
const stream = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 });

const plain = ({ more: _, metadata, ...rest }: { more: object; metadata: string; data: Uint8Array }) => ({
  ...rest,
  data: Buffer.from(rest.data),
  metadata: Buffer.from(metadata),
});

function batchOptions(name: string, at: Expected, deadline: Date) {
  const options = new streams.BatchAppendReq.Options()
    .setStreamIdentifier(identifier(name))
    .setDeadline(timestamps.Timestamp.fromDate(deadline));
  if (at === 'any') return options.setAny(new empties.Empty());
  if (at === 'no_stream') return options.setNoStream(new empties.Empty());
  if (at === 'stream_exists') return options.setStreamExists(new empties.Empty());
  return options.setStreamPosition(`${at}`);
}

describe('a request decoded by hand', () => {
  it('is what the generated classes wrote, of BatchAppend', () => {
    const deadline = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(stream, expected, deadline, fc.array(event, { maxLength: 5 }), fc.boolean(), (...asked) => {
        const [name, at, until, list, isFinal] = asked;
        const correlation = new shared.UUID().setString(crypto.randomUUID());
        const message = new streams.BatchAppendReq()
          .setCorrelationId(correlation)
          .setOptions(batchOptions(name, at, until))
          .setProposedMessagesList(list.map((one) => proposed(new streams.BatchAppendReq.ProposedMessage(), one)))
          .setIsFinal(isFinal);
        const decoded = decodeBatchAppend(Buffer.from(message.serializeBinary()));
        expect(decoded.correlation).toEqual(Buffer.from(correlation.serializeBinary()));
        expect(decoded.options).toEqual({ stream: name, expected: at, deadline: until.getTime() });
        expect(decoded.events).toEqual(list.map(plain));
        expect(decoded.isFinal).toBe(isFinal);
      }),
      { numRuns: 150 },
    );
  });

  it('is what the generated classes wrote, of Append', () => {
    fc.assert(
      fc.property(stream, expected, event, (name, at, one) => {
        const options = new streams.AppendReq().setOptions(appendOptions(name, at));
        expect(decodeAppend(Buffer.from(options.serializeBinary()))).toEqual({
          options: { stream: name, expected: at, deadline: undefined },
        });
        const message = new streams.AppendReq().setProposedMessage(
          proposed(new streams.AppendReq.ProposedMessage(), one),
        );
        expect(decodeAppend(Buffer.from(message.serializeBinary()))).toEqual({ event: plain(one) });
      }),
      { numRuns: 150 },
    );
  });

  it('takes ids in two halves', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const event = proposed(new streams.AppendReq.ProposedMessage(), {}).setId(structuredUuid(id));
        const message = new streams.AppendReq().setProposedMessage(event);
        expect(decodeAppend(Buffer.from(message.serializeBinary()))).toMatchObject({ event: { id } });
      }),
    );
  });

  it('is refused when its bytes end early or make no sense, and never read beyond them', () => {
    const message = new streams.BatchAppendReq()
      .setOptions(batchOptions('a', 'any', new Date()))
      .setProposedMessagesList([proposed(new streams.BatchAppendReq.ProposedMessage(), { data: 'x'.repeat(40) })]);
    const whole = Buffer.from(message.serializeBinary());
    for (let length = 1; length < whole.length; length += 1) {
      const cut = whole.subarray(0, length);
      try {
        decodeBatchAppend(cut);
        // Cut between two fields: a shorter message, and a whole one.
        streams.BatchAppendReq.deserializeBinary(cut);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          decodeBatchAppend(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });
});
