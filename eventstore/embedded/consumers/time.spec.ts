import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { GroupDelivery } from '#event-store';
import { SettableClock } from '#platform';
import { events } from '../../contract/given.js';
import { openEmbeddedConsumerGroups } from '../index.js';
import { TemporaryDirectory } from '../testing/directories.js';

const GROUP = 'scoring';
const HOUR = 3_600_000;

const next = async (deliveries: AsyncIterator<GroupDelivery>): Promise<GroupDelivery> =>
  (await deliveries.next()).value;

describe('embedded consumer groups', () => {
  it('measure pauses and time-outs by the clock they are given', async () => {
    await using directory = await TemporaryDirectory.make();
    const log = await directory.open();
    const clock = new SettableClock();
    const groups = await openEmbeddedConsumerGroups({ directory: directory.path, log, clock });
    await groups.ensure(GROUP, { types: ['a'], after: 'start', ackTimeoutMs: 2 * HOUR });
    const [first, second] = events(2, 'a');
    await log.append('one', 'no_stream', [first!, second!]);
    const deliveries = groups.consume(GROUP)[Symbol.asyncIterator]();
    await (await next(deliveries)).retry(HOUR, 'in an hour');
    expect((await next(deliveries)).event.id).toBe(second!.id);
    const waiting = next(deliveries);
    clock.advance(HOUR);
    expect(await waiting).toMatchObject({ event: { id: first!.id }, retries: 1 });
    clock.advance(HOUR);
    // The second has been out for two hours, the first for one.
    expect(await next(deliveries)).toMatchObject({ event: { id: second!.id }, retries: 1 });
    await groups.close();
  });

  it('refuse a file that is none of theirs', async () => {
    await using directory = await TemporaryDirectory.make();
    const log = await directory.open();
    await writeFile(join(directory.path, 'consumers.db'), 'this was never a database, however long it is.'.repeat(100));
    await expect(
      openEmbeddedConsumerGroups({ directory: directory.path, log, clock: new SettableClock() }),
    ).rejects.toMatchObject({ code: 'corrupt', message: expect.stringContaining('consumers.db') });
  });

  it('refuse a place that lies beyond the end of the log', async () => {
    await using directory = await TemporaryDirectory.make();
    await using shorter = await TemporaryDirectory.make();
    const clock = new SettableClock();
    const log = await directory.open();
    await log.append('one', 'no_stream', events(3));
    const groups = await openEmbeddedConsumerGroups({ directory: directory.path, log, clock });
    await groups.ensure(GROUP, { types: ['a'], after: 'end' });
    await groups.close();
    const older = await shorter.open();
    const opening = openEmbeddedConsumerGroups({
      directory: directory.path,
      log: older,
      clock,
    });
    await expect(opening).rejects.toMatchObject({ code: 'corrupt', details: { group: GROUP, position: 3, head: 0 } });
  });
});
