import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { failureOf } from '../support/failure.js';
import { freePort } from '../support/free-port.js';
import { endAll, Server } from '../support/server.js';

const SECRET = { VERBATIM_SECRET: 'a secret of all processes of this spec 0123' };
const PASSWORD = 'sesame42';

/** What a start says that is given these settings; passwords are never said. */
const startWith = async (env: Record<string, string>): Promise<string | undefined> => {
  const server = await Server.launch({ env });
  const said = await failureOf(server);
  expect(server.printed).not.toContain(PASSWORD);
  return said?.replace('Verbatim did not start: ', '');
};

describe('a start that cannot use a store says in one line which setting, what it holds and what it may be', () => {
  const stranger = createServer((_, answer) => answer.end('something else'));
  let closed: number;
  let other: number;

  beforeAll(async () => {
    closed = await freePort();
    stranger.listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    other = (stranger.address() as AddressInfo).port;
  });
  afterAll(async () => {
    await endAll();
    stranger.close();
  });

  it.each([
    [
      'VERBATIM_EVENT_STORE_URL',
      `https://me:${PASSWORD}@log.example`,
      'is https://***@log.example and must be sqlite:',
    ],
    ['VERBATIM_EVENT_STORE_URL', `${PASSWORD}`, 'is no URL and must be sqlite:'],
    ['VERBATIM_READ_STORE_URL', `postgres://me:${PASSWORD}@db/v`, 'is postgres://***@db/v and must be sqlite:'],
    ['VERBATIM_OPS_STORE_URL', 'mongodb://db/a.b', 'is mongodb://db/a.b and must name its database'],
    ['VERBATIM_READ_STORE_URL', `mongodb://me:${PASSWORD}@db:port/v`, 'is mongodb://***@db:port/v, where'],
  ])('%s with what it does not take', async (setting, value, rest) => {
    const said = await startWith({ ...SECRET, [setting]: value });
    expect(said).toContain(`${setting} ${rest}`);
    expect(said).toContain(setting === 'VERBATIM_EVENT_STORE_URL' ? 'esdb://' : 'mongodb://');
  });

  it('an event store that nobody serves, and one that is something else', async () => {
    for (const port of [closed, other]) {
      const said = await startWith({
        ...SECRET,
        VERBATIM_EVENT_STORE_URL: `esdb://me:${PASSWORD}@127.0.0.1:${port}?tls=false`,
        VERBATIM_READ_STORE_URL: `mongodb://127.0.0.1:${closed}`,
      });
      expect(said).toMatch(
        new RegExp(
          `^VERBATIM_EVENT_STORE_URL is esdb://\\*\\*\\*@127.0.0.1:${port}\\?tls=false, where the event log cannot be opened: ` +
            '.+ It may be sqlite: .+esdb://',
        ),
      );
    }
  });

  it('a MongoDB that nobody serves', async () => {
    const url = `mongodb://me:${PASSWORD}@127.0.0.1:${closed}/house`;
    const said = await Promise.all([
      startWith({ ...SECRET, VERBATIM_READ_STORE_URL: url }),
      startWith({ ...SECRET, VERBATIM_READ_STORE_URL: url, VERBATIM_OPS_STORE_URL: 'sqlite:' }),
    ]);
    const is = `VERBATIM_READ_STORE_URL is mongodb://***@127.0.0.1:${closed}/house, where the`;
    expect(said[0]).toContain(`${is} operational store cannot be opened: `);
    expect(said[1]).toContain(`${is} read models cannot be opened: `);
    for (const one of said) expect(one).toMatch(/ECONNREFUSED.+It may be sqlite: .+mongodb:\/\//);
  });

  it('a shared store without the secret of all processes, and a shared log without the other two', async () => {
    expect(await startWith({ VERBATIM_READ_STORE_URL: 'mongodb://db' })).toMatch(
      /^VERBATIM_SECRET is not set and must be when a store is shared: at least 32 characters/,
    );
    expect(await startWith({ ...SECRET, VERBATIM_EVENT_STORE_URL: 'esdb://log.example:2113' })).toBe(
      'VERBATIM_READ_STORE_URL is not set and must be mongodb://… when VERBATIM_EVENT_STORE_URL is esdb://….',
    );
  });
});
