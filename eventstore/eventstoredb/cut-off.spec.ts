import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SubscriptionMessage } from '../port/index.js';
import { openEventStoreDb } from './index.js';
import { UnscavengedServer } from './testing/unscavenged-server.js';

/** The ids of the next events of a subscription, however many messages stand between. */
async function next(subscription: AsyncIterator<SubscriptionMessage>): Promise<string[]> {
  for (;;) {
    const { value } = await subscription.next();
    if (value.kind === 'events') return value.events.map(({ id }: { id: string }) => id);
  }
}

const followed = async (
  trouble: (server: UnscavengedServer) => void,
): Promise<{ delivered: string[]; written: string[]; after: readonly number[]; reports: number }> => {
  await using server = await UnscavengedServer.start();
  let reports = 0;
  const log = await openEventStoreDb({
    url: server.url,
    report: () => {
      reports += 1;
    },
  });
  try {
    const subscription = log.subscribe({ after: 'start' })[Symbol.asyncIterator]();
    const written = [randomUUID(), randomUUID()] as const;
    server.write('session-a', written[0]);
    const delivered = await next(subscription);
    trouble(server);
    // Nobody follows at this moment: only who comes back to its last place hears of it.
    server.write('session-a', written[1]);
    delivered.push(...(await next(subscription)));
    await subscription.return?.();
    return { delivered, written: [...written], after: [...server.subscribedAfter], reports };
  } finally {
    await log.close();
  }
};

describe('a live subscription', () => {
  it('that the server cuts for being slow (ABORTED) goes on from its last event, and that is no trouble', async () => {
    const { delivered, written, after, reports } = await followed((server) => server.cutFollowers());
    expect(delivered).toEqual(written);
    expect(after).toEqual([0, 1]);
    expect(reports).toBe(0);
  });

  it('that the server ends without a word goes on from its last event, and that is told', async () => {
    const { delivered, written, after, reports } = await followed((server) => server.endFollowers());
    expect(delivered).toEqual(written);
    expect(after).toEqual([0, 1]);
    expect(reports).toBe(1);
  });
});

describe('a place in the log where no record begins', () => {
  it('is an error of whoever names it, not of the server', async () => {
    await using server = await UnscavengedServer.start();
    for (let place = 1; place <= 3; place += 1) server.write('session-a', randomUUID());
    server.noBoundaries.add(2);
    const log = await openEventStoreDb({ url: server.url });
    try {
      await expect(log.readAll({ after: 2n, limit: 9 })).rejects.toMatchObject({ code: 'invalid_argument' });
    } finally {
      await log.close();
    }
  });
});
