import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { describe, expect, it } from '@jest/globals';
import { NodeCommand } from './testing/node-command.js';

const USER = { VERBATIM_EVENT_STORE_USER: 'ops', VERBATIM_EVENT_STORE_PASSWORD: 'correct-horse' };
const anEvent = () => jsonEvent({ type: 'thing', data: {} });

const failureOf = (work: Promise<unknown>): Promise<{ code?: number; type?: string }> =>
  work.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: { code?: number; type?: string }) => error,
  );

describe('npm run eventstore', () => {
  it('serves where it says, keeps what was appended, and ends by SIGTERM with 0', async () => {
    await using node = await NodeCommand.run(['--port', '0']);
    const client = EventStoreDBClient.connectionString(await node.listening());
    expect(await client.appendToStream('s', anEvent())).toMatchObject({ success: true });
    await client.dispose();
    expect(await node.end('SIGTERM')).toBe(0);
  });

  it('refuses to be reached from elsewhere without TLS and a user, in one line', async () => {
    await using node = await NodeCommand.run(['--port', '0', '--host', '0.0.0.0']);
    expect(await node.ended()).toBe(1);
    expect(node.printed).toMatch(
      /^The event store did not start: VERBATIM_EVENT_STORE_HOST is beyond this machine[^\n]+\n$/,
    );
  });

  it('says in one line that its port is taken, or its directory', async () => {
    await using first = await NodeCommand.run(['--port', '0']);
    const port = /:(\d+)\?/.exec(await first.listening())![1]!;
    await using second = await NodeCommand.run(['--port', port]);
    expect(await second.ended()).toBe(1);
    expect(second.printed).toMatch(
      /^The event store did not start: port \d+ on 127\.0\.0\.1 cannot be listened on: it is in use\.\n$/,
    );
    await using third = await NodeCommand.run(['--port', '0', '--data-dir', first.directory]);
    expect(await third.ended()).toBe(1);
    expect(third.printed).toMatch(/^The event store did not start: [^\n]*is in use by another process[^\n]*\n$/);
  });

  it('lets in its user alone over TLS, by the certificate it made', async () => {
    await using node = await NodeCommand.run(['--port', '0'], { VERBATIM_EVENT_STORE_TLS: 'on', ...USER });
    const connection = await node.listening();
    const as = (who: string) => EventStoreDBClient.connectionString(connection.replace('esdb://', `esdb://${who}`));
    const [owner, wrong, nobody] = [as('ops:correct-horse@'), as('ops:wrong@'), as('')];
    expect(await owner.appendToStream('s', anEvent())).toMatchObject({ success: true });
    expect(await failureOf(wrong.deleteStream('s'))).toMatchObject({ code: 16, type: 'access-denied' });
    expect(await failureOf(nobody.deleteStream('s'))).toMatchObject({ code: 7, type: 'access-denied' });
    await Promise.all([owner, wrong, nobody].map((client) => client.dispose()));
  });

  it('ends subscriptions with an error that is no silence, stopped as well as killed', async () => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      await using node = await NodeCommand.run(['--port', '0']);
      const client = EventStoreDBClient.connectionString(await node.listening());
      const subscription = client.subscribeToAll();
      const ended = new Promise<unknown>((resolve) => subscription.once('error', resolve));
      await new Promise((resolve) => subscription.once('confirmation', resolve));
      subscription.resume();
      await node.end(signal);
      const { code, message } = (await ended) as { code: number; message: string };
      expect([code, message]).toEqual(
        signal === 'SIGKILL'
          ? [14, expect.anything()]
          : [13, expect.stringContaining('Received RST_STREAM with code 0')],
      );
      await client.dispose();
    }
  });
});
