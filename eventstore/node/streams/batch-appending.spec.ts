import { randomUUID } from 'node:crypto';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams, { type BatchAppendReq, type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import empties from 'google-protobuf/google/protobuf/empty_pb.js';
import timestamps from 'google-protobuf/google/protobuf/timestamp_pb.js';
import type { Expected } from '../log/node-log.js';
import { textOfUuid } from '../uuids.js';
import { identifier, type Proposed, proposed, read, remove, revisions, streamRead } from './testing/raw.js';
import { aStream, TestNode } from './testing/test-node.js';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node[Symbol.asyncDispose]());

interface Asked {
  readonly correlation?: string;
  readonly stream?: string;
  readonly expected?: Expected;
  readonly events?: readonly Proposed[];
  readonly isFinal?: boolean;
  /** From now, in milliseconds. */
  readonly deadline?: number;
  /** A continuation has none. */
  readonly hasOptions?: boolean;
}

function request(asked: Asked): BatchAppendReq {
  const { correlation = randomUUID(), stream, expected = 'any', events = [{}], deadline = 5_000 } = asked;
  const options = new streams.BatchAppendReq.Options().setDeadline(
    timestamps.Timestamp.fromDate(new Date(Date.now() + deadline)),
  );
  if (stream !== undefined) options.setStreamIdentifier(identifier(stream));
  if (expected === 'any') options.setAny(new empties.Empty());
  else if (expected === 'no_stream') options.setNoStream(new empties.Empty());
  else if (expected === 'stream_exists') options.setStreamExists(new empties.Empty());
  else options.setStreamPosition(`${expected}`);
  const message = new streams.BatchAppendReq()
    .setCorrelationId(new shared.UUID().setString(correlation))
    .setProposedMessagesList(events.map((event) => proposed(new streams.BatchAppendReq.ProposedMessage(), event)))
    .setIsFinal(asked.isFinal ?? true);
  return asked.hasOptions === false ? message : message.setOptions(options);
}

/** One long call, its answers by correlation id. */
class Call {
  readonly call: ClientDuplexStream<BatchAppendReq, BatchAppendResp>;
  readonly answers = new Map<string, BatchAppendResp>();
  readonly ended: Promise<void>;
  private waiting: (() => void) | undefined;

  constructor(of = node) {
    this.call = of.raw.batchAppend();
    this.call.on('data', (answer: BatchAppendResp) => {
      this.answers.set(textOfUuid(answer.getCorrelationId()) ?? '', answer);
      this.waiting?.();
    });
    this.ended = new Promise((resolve) => {
      this.call.on('end', resolve);
      this.call.on('error', () => resolve());
    });
  }

  async answer(correlation: string): Promise<BatchAppendResp> {
    for (;;) {
      const found = this.answers.get(correlation);
      if (found) return found;
      await new Promise<void>((resolve) => {
        this.waiting = resolve;
      });
    }
  }

  ask(asked: Asked): Promise<BatchAppendResp> {
    const correlation = asked.correlation ?? randomUUID();
    this.call.write(request({ ...asked, correlation }));
    return this.answer(correlation);
  }
}

const once = async (asked: Asked, of = node): Promise<BatchAppendResp> => {
  const call = new Call(of);
  try {
    return await call.ask(asked);
  } finally {
    call.call.cancel();
  }
};

function errorOf(answer: BatchAppendResp) {
  const error = answer.getError();
  const details = error?.getDetails();
  return {
    code: error?.getCode(),
    message: error?.getMessage(),
    type: details?.getTypeUrl().replace('type.googleapis.com/event_store.client.', ''),
    value: details?.getValue_asU8() ?? new Uint8Array(),
  };
}

const revisionsOf = async (stream: string): Promise<bigint[]> => revisions(await read(node.raw, streamRead(stream)));

describe('BatchAppend', () => {
  it('answers with the correlation id in the form it came in, the stream, revision and position', async () => {
    const stream = aStream();
    const answer = await once({ stream, expected: 'no_stream', events: [{}, {}] });
    expect(answer.getCorrelationId()?.hasString()).toBe(true);
    expect(Buffer.from(answer.getStreamIdentifier()!.getStreamName_asU8()).toString()).toBe(stream);
    expect(answer.getSuccess()?.getCurrentRevision()).toBe('1');
    const position = answer.getSuccess()?.getPosition();
    expect(position?.getCommitPosition()).toBe(position?.getPreparePosition());
    expect(answer.getExpectedStreamPositionCase()).toBe(0);
    expect(await revisionsOf(stream)).toEqual([0n, 1n]);
  });

  it('puts the parts of one append together, other appends between them', async () => {
    const [stream, other] = [aStream(), aStream()];
    const correlation = randomUUID();
    const call = new Call();
    call.call.write(request({ correlation, stream, expected: 'no_stream', isFinal: false }));
    await call.ask({ stream: other });
    call.call.write(request({ correlation, hasOptions: false, isFinal: false }));
    expect((await call.ask({ correlation, hasOptions: false })).getSuccess()?.getCurrentRevision()).toBe('2');
    call.call.cancel();
    expect(await revisionsOf(stream)).toEqual([0n, 1n, 2n]);
  });

  it('ignores the rest of an append it does not know', async () => {
    const call = new Call();
    const unknown = randomUUID();
    call.call.write(request({ correlation: unknown, hasOptions: false }));
    await call.ask({ stream: aStream() });
    expect(call.answers.has(unknown)).toBe(false);
    call.call.cancel();
  });

  it('takes an append without events', async () => {
    const stream = aStream();
    expect((await once({ stream, events: [] })).getSuccess()?.hasNoStream()).toBe(true);
    await once({ stream });
    expect((await once({ stream, events: [], expected: 0n })).getSuccess()?.getCurrentRevision()).toBe('0');
  });

  it('answers every append of a half-closed call, then ends it', async () => {
    const stream = aStream();
    const call = new Call();
    const asked = Array.from({ length: 50 }, () => randomUUID());
    for (const correlation of asked) call.call.write(request({ correlation, stream }));
    call.call.end();
    await call.ended;
    expect(new Set(call.answers.keys())).toEqual(new Set(asked));
    expect(await revisionsOf(stream)).toHaveLength(50);
  });
});

describe('an error of BatchAppend is an answer, and the call goes on', () => {
  it.each([
    ['a revision', 7n, 'getExpectedStreamPosition', '7'],
    ['no stream', 'no_stream', 'hasExpectedNoStream', true],
  ] as const)('a wrong revision where %s was expected', async (_, expected, getter, value) => {
    const stream = aStream();
    const call = new Call();
    await call.ask({ stream });
    const error = errorOf(await call.ask({ stream, expected }));
    expect(error).toMatchObject({ code: 6, message: 'WrongExpectedVersion', type: 'WrongExpectedVersion' });
    const wrong = shared.WrongExpectedVersion.deserializeBinary(error.value);
    expect(wrong.getCurrentStreamRevision()).toBe('0');
    expect(wrong[getter]()).toBe(value);
    expect((await call.ask({ stream, expected: 0n })).hasSuccess()).toBe(true);
    call.call.cancel();
  });

  it('a stream that should exist', async () => {
    const { value } = errorOf(await once({ stream: aStream(), expected: 'stream_exists' }));
    const wrong = shared.WrongExpectedVersion.deserializeBinary(value);
    expect([wrong.hasCurrentNoStream(), wrong.hasExpectedStreamExists()]).toEqual([true, true]);
  });

  it('a stream that is deleted', async () => {
    const stream = aStream();
    await remove(node.raw, 'tombstone', stream, 'any');
    const error = errorOf(await once({ stream }));
    expect(error).toMatchObject({ code: 5, message: 'StreamDeleted', type: 'StreamDeleted' });
    const named = shared.StreamDeleted.deserializeBinary(error.value).getStreamIdentifier()!;
    expect(Buffer.from(named.getStreamName_asU8()).toString()).toBe(stream);
  });

  it('too many bytes, in one message or in several', async () => {
    const large = { data: Buffer.alloc(600_000) };
    const refusal = { code: 3, message: 'MaximumAppendSizeExceeded', type: 'MaximumAppendSizeExceeded' };
    const error = errorOf(await once({ stream: aStream(), events: [large, large] }));
    expect(error).toMatchObject(refusal);
    expect(shared.MaximumAppendSizeExceeded.deserializeBinary(error.value).getMaxappendsize()).toBe(1_048_576);
    const call = new Call();
    const correlation = randomUUID();
    const stream = aStream();
    call.call.write(request({ correlation, stream, events: [large], isFinal: false }));
    call.call.write(request({ correlation, events: [large], hasOptions: false, isFinal: false }));
    call.call.write(request({ correlation, hasOptions: false }));
    expect(errorOf(await call.answer(correlation))).toMatchObject(refusal);
    expect(await revisionsOf(stream)).toEqual([]);
    call.call.cancel();
  });

  it('a deadline that is past, or comes before the append is complete; the id is then structured', async () => {
    const timeout = { code: 4, message: 'Timeout', type: 'Timeout' };
    const past = await once({ stream: aStream(), deadline: -1 });
    expect(errorOf(past)).toMatchObject(timeout);
    expect(past.getCorrelationId()?.hasStructured()).toBe(true);
    const stream = aStream();
    const call = new Call();
    const correlation = randomUUID();
    call.call.write(request({ correlation, stream, deadline: 30, isFinal: false }));
    expect(errorOf(await call.answer(correlation))).toMatchObject(timeout);
    call.call.write(request({ correlation, hasOptions: false }));
    await call.ask({ stream: aStream() });
    expect(await revisionsOf(stream)).toEqual([]);
    call.call.cancel();
  });

  it.each([
    ['an event without a type', { events: [{ type: undefined }] }, 'The given key was not present in the dictionary.'],
    [
      'an event whose id is no uuid',
      { events: [{ id: 'x' }] },
      'Object reference not set to an instance of an object.',
    ],
  ])('%s', async (_, asked, message) => {
    const error = errorOf(await once({ stream: aStream(), ...asked }));
    expect(error).toMatchObject({ code: 3, message: 'BadRequest', type: 'BadRequest' });
    expect(shared.BadRequest.deserializeBinary(error.value).getMessage()).toBe(message);
  });

  it('an append that names no stream', async () => {
    const error = errorOf(await once({}));
    expect(shared.BadRequest.deserializeBinary(error.value).getMessage()).toBe(
      'Object reference not set to an instance of an object.',
    );
  });

  it('a caller who may only read', async () => {
    const rights = { user: 'auditor', mayWrite: false, prefixes: undefined, ended: undefined };
    await using guarded = await TestNode.start({ admit: async () => rights });
    expect(errorOf(await once({ stream: aStream() }, guarded))).toMatchObject({
      code: 7,
      message: 'AccessDenied',
      type: 'AccessDenied',
    });
  });
});

describe('uuids', () => {
  it('come back in lower case, and structured ones are the same ids', async () => {
    const stream = aStream();
    const id = randomUUID();
    await once({ stream, events: [{ id: id.toUpperCase() }] });
    const structured = await read(node.raw, streamRead(stream).setUuidOption(structuredIds()));
    const asText = await read(node.raw, streamRead(stream));
    expect(asText.events[0]?.getEvent()?.getId()?.getString()).toBe(id);
    expect(structured.events[0]?.getEvent()?.getId()?.hasStructured()).toBe(true);
    expect(textOfUuid(structured.events[0]?.getEvent()?.getId())).toBe(id);
  });
});

const structuredIds = () => new streams.ReadReq.Options.UUIDOption().setStructured(new shared.Empty());
