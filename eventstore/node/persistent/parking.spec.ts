import { persistentSubscriptionToStreamSettingsFromDefaults, type RecordedEvent, START } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Reader } from '../testing/reader.js';
import { aName, WholeNode } from '../testing/whole-node.js';

let node: WholeNode;
beforeAll(async () => {
  node = await WholeNode.start();
});
afterAll(() => node[Symbol.asyncDispose]());

async function given(count: number, more: object = {}) {
  const [stream, group] = [aName(), aName('group')];
  await node.append(stream, count);
  await node.client.createPersistentSubscriptionToStream(
    stream,
    group,
    persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START, maxRetryCount: 2, ...more }),
  );
  const id = `$persistentsubscription-${stream}::${group}`;
  const info = () => node.client.getPersistentSubscriptionToStreamInfo(stream, group);
  return { stream, group, id, parked: `${id}-parked`, info };
}

/** What stands beside a parked link; the client has parsed it. */
const said = ({ metadata }: RecordedEvent) => metadata as { reason: string };
const text = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString();

describe('parking', () => {
  it('writes a link to the event, with when, why and which event of the group it was', async () => {
    const { stream, group, parked } = await given(2);
    const reader = new Reader(node, stream, group);
    const [, second] = await reader.take(2);
    reader.nack('PARK', 'no good', second!);
    const [link] = await node.eventually(parked, 1);
    expect(link).toMatchObject({ type: '$>', isJson: false, revision: 0n });
    expect(text(link!.data)).toBe(`1@${stream}`);
    expect(said(link!)).toEqual({
      added: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      reason: "Client explicitly NAK'ed message.\nno good",
      subscriptionEventNumber: 1,
    });
    reader.leave();
  });

  it('is what becomes of an event that was retried as often as the group allows', async () => {
    const { stream, group, parked, info } = await given(1);
    const reader = new Reader(node, stream, group);
    for (let round = 0; round < 3; round += 1) reader.nack('RETRY', 'again', ...(await reader.take(1)));
    const [link] = await node.eventually(parked, 1);
    expect(said(link!).reason).toBe('Reached retry count of 2');
    expect((await info()).stats).toMatchObject({ parkedMessageCount: 1n, totalInFlightMessages: 0 });
    reader.leave();
  });

  it('is what becomes of an event that nobody answered in time as often', async () => {
    const { stream, group, parked } = await given(1, { messageTimeout: 20 });
    const reader = new Reader(node, stream, group);
    await reader.take(3);
    expect(said((await node.eventually(parked, 1))[0]!).reason).toBe('Reached retry count of 2');
    reader.leave();
  });

  it('can be undone: parked events come again before others, as links into the parked stream, as if never tried', async () => {
    const { stream, group, parked, info } = await given(3);
    const reader = new Reader(node, stream, group, 1);
    reader.nack('PARK', 'no good', ...(await reader.take(1)));
    const [second] = await reader.take(1);
    await node.eventually(parked, 1);
    await node.client.replayParkedMessagesToStream(stream, group);
    expect((await info()).stats.parkedMessageCount).toBe(0n);
    reader.ack(second!);
    const [again, third] = [(await reader.take(1))[0]!, reader];
    expect(again).toMatchObject({ revision: 0, retries: 0, linkStream: parked });
    third.ack(again);
    expect((await reader.take(1))[0]).toMatchObject({ revision: 2, linkStream: undefined });
    reader.leave();
  });

  it('hides what was replayed from the parked stream, which admins alone may read where rights are asked', async () => {
    const { stream, group, parked } = await given(2);
    const reader = new Reader(node, stream, group);
    reader.nack('PARK', '', ...(await reader.take(2)));
    await node.eventually(parked, 2);
    await node.client.replayParkedMessagesToStream(stream, group, { stopAt: 1 });
    expect((await node.events(parked)).map(({ revision }) => revision)).toEqual([1n]);
    const [{ data } = {}] = await node.events(`$$${parked}`);
    expect(data).toEqual({
      $tb: 1,
      $acl: { $r: '$admins', $w: '$admins', $d: '$admins', $mr: '$admins', $mw: '$admins' },
    });
    reader.leave();
  });

  it('parks a replayed event anew when it fails again', async () => {
    const { stream, group, parked } = await given(1);
    const reader = new Reader(node, stream, group);
    reader.nack('PARK', 'first', ...(await reader.take(1)));
    await node.eventually(parked, 1);
    await node.client.replayParkedMessagesToStream(stream, group);
    reader.nack('PARK', 'second', ...(await reader.take(1)));
    const [link] = await node.eventually(parked, 1);
    expect([link!.revision, text(link!.data)]).toEqual([1n, `0@${stream}`]);
    reader.leave();
  });

  it('loses no replayed event to a restart before it was answered, and forgets it once it was', async () => {
    const { stream, group, parked, id } = await given(1);
    let reader = new Reader(node, stream, group);
    reader.nack('PARK', '', ...(await reader.take(1)));
    await node.eventually(parked, 1);
    await node.client.replayParkedMessagesToStream(stream, group);
    await reader.take(1);
    await node.restart();
    reader = new Reader(node, stream, group);
    const [again] = await reader.take(1);
    expect(again).toMatchObject({ revision: 0, retries: 0 });
    reader.ack(again!);
    const [hidden] = await node.eventually(`$$${id}-replaying`, 1);
    expect(hidden!.data).toMatchObject({ $tb: 1 });
    await node.restart();
    reader = new Reader(node, stream, group);
    await node.append(stream, 1, 1);
    expect((await reader.take(1))[0]).toMatchObject({ revision: 1 });
    reader.leave();
  });

  it('leaves out events whose stream was deleted in between', async () => {
    const { stream, group, parked } = await given(1);
    const reader = new Reader(node, stream, group);
    reader.nack('PARK', '', ...(await reader.take(1)));
    await node.eventually(parked, 1);
    await node.client.tombstoneStream(stream);
    await node.client.replayParkedMessagesToStream(stream, group);
    await node.client.deletePersistentSubscriptionToStream(stream, group);
    await expect(reader.failed).rejects.toMatchObject({ code: 1 });
    expect(reader.events).toHaveLength(1);
  });
});
