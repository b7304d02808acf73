import { once } from 'node:events';
import { connect } from 'node:http2';
import streams, { type ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Frames } from './frames.js';
import { streamRead } from './streams/testing/raw.js';
import { WholeNode } from './testing/whole-node.js';

/** The messages in the body of an answer. */
function messagesIn(body: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    expect(body[at]).toBe(0);
    const from = at + 5;
    at = from + body.readUInt32BE(at + 1);
    found.push(body.subarray(from, at));
  }
  return found;
}

describe('what a call sends', () => {
  let node: WholeNode;

  beforeAll(async () => {
    node = await WholeNode.start();
  });

  afterAll(() => node[Symbol.asyncDispose]());

  it('goes out in frames that hold many messages, in their order', async () => {
    await node.append('frames', 500);
    const session = connect(`http://127.0.0.1:${node.port}`);
    const call = session.request({
      ':method': 'POST',
      ':path': '/event_store.client.streams.Streams/Read',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    call.end(
      new Frames([new streams.ReadReq().setOptions(streamRead('frames', 'start', 500)).serializeBinary()]).bytes,
    );
    const frames: Buffer[] = [];
    call.on('data', (frame: Buffer) => frames.push(frame));
    await once(call, 'end');
    session.close();
    const answers = messagesIn(Buffer.concat(frames)).map(
      (bytes): ReadResp => streams.ReadResp.deserializeBinary(bytes),
    );
    const revisions = answers.map((answer) => Number(answer.getEvent()?.getEvent()?.getStreamRevision()));
    expect(revisions).toEqual(Array.from({ length: 500 }, (_, index) => index));
    expect(frames.length).toBeLessThan(50);
  });
});
