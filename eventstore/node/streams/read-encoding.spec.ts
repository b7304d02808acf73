import persistent from '@eventstore/db-client/generated/persistent_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DELETED_REVISION, type NodeEvent } from '../log/node-log.js';
import { textOfUuid } from '../uuids.js';
import { encodeReadEvent } from './read-encoding.js';

const bytes = fc.uint8Array({ maxLength: 300 });
const event: fc.Arbitrary<NodeEvent> = fc.record({
  id: fc.uuid(),
  type: fc.string({ unit: 'grapheme', maxLength: 200 }),
  contentType: fc.constantFrom('application/json', 'application/octet-stream'),
  data: bytes,
  metadata: bytes,
  stream: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
  revision: fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }), fc.constant(DELETED_REVISION)),
  position: fc.bigInt({ min: 1n, max: 2n ** 53n - 1n }),
  created: fc.nat({ max: 4_000_000_000_000 }),
});

/** What the generated class reads from what was written by hand. */
function decoded(recorded: InstanceType<typeof streams.ReadResp.ReadEvent.RecordedEvent> | undefined) {
  if (!recorded) return undefined;
  const metadata = new Map(recorded.getMetadataMap().toArray());
  return {
    id: textOfUuid(recorded.getId()),
    type: metadata.get('type'),
    contentType: metadata.get('content-type'),
    data: [...recorded.getData_asU8()],
    metadata: [...recorded.getCustomMetadata_asU8()],
    stream: Buffer.from(recorded.getStreamIdentifier()!.getStreamName_asU8()).toString(),
    revision: BigInt(recorded.getStreamRevision()),
    position: [recorded.getCommitPosition(), recorded.getPreparePosition()],
    created: metadata.get('created'),
  };
}

const written = (one: NodeEvent | undefined) =>
  one && {
    ...one,
    data: [...one.data],
    metadata: [...one.metadata],
    position: [`${one.position}`, `${one.position}`],
    created: `${BigInt(one.created) * 10_000n}`,
  };

const sides = fc.oneof(fc.record({ event }), fc.record({ link: event }), fc.record({ event, link: event }));
const forms = fc.constantFrom('string', 'structured');

describe('an event written by hand', () => {
  it('is read by the generated classes as what it was, with and without a link, in both forms of ids', () => {
    fc.assert(
      fc.property(sides, forms, (resolved, form) => {
        const message = streams.ReadResp.deserializeBinary(encodeReadEvent(resolved, form)).getEvent()!;
        const { event: target, link } = { event: undefined, link: undefined, ...resolved };
        expect(decoded(message.getEvent())).toEqual(written(target));
        expect(decoded(message.getLink())).toEqual(written(link));
        expect(message.getCommitPosition()).toBe(`${(link ?? target)?.position}`);
        expect((message.getEvent() ?? message.getLink())?.getId()?.hasStructured()).toBe(form === 'structured');
      }),
      { numRuns: 300 },
    );
  });

  it('tells a consumer of a group how often it was sent before', () => {
    fc.assert(
      fc.property(sides, forms, fc.nat({ max: 2 ** 31 - 1 }), (resolved, form, retries) => {
        const message = persistent.ReadResp.deserializeBinary(encodeReadEvent(resolved, form, retries)).getEvent()!;
        const { event: target, link } = { event: undefined, link: undefined, ...resolved };
        expect(decoded(message.getEvent())).toEqual(written(target));
        expect(decoded(message.getLink())).toEqual(written(link));
        expect(message.getCommitPosition()).toBe(`${(link ?? target)?.position}`);
        expect(message.getRetryCount()).toBe(retries);
      }),
      { numRuns: 100 },
    );
  });
});
