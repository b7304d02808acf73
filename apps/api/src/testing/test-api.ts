import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { openEmbeddedEventStore } from '#event-store/embedded/index.js';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { SettableClock, VerbatimConfig } from '#platform';
import { EmbeddedReadStore } from '#read-store/embedded/index.js';
import { createApi } from '../http/index.js';
import type { Engines } from '../root/engines.js';
import { RootModule } from '../root/root.module.js';
import { Service } from '../root/service.js';

/** The owner key of the first organization. */
export const OWNER_KEY = 'gai_owner-key-of-the-api-specs-0123456789';

export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: specs look into answers of many shapes; the assertions are their types
  readonly body: any;
}

/** The whole of Verbatim as `npm start` runs it, but over stores in memory and a clock that stands still. */
export class TestApi {
  private constructor(
    private readonly app: NestFastifyApplication,
    readonly clock: SettableClock,
    private readonly dataDir: string,
  ) {}

  static async open(env: Readonly<Record<string, string>> = {}): Promise<TestApi> {
    // For the outbox, which is files whatever the stores are.
    const dataDir = await mkdtemp(join(tmpdir(), 'verbatim-api-'));
    const config = new VerbatimConfig({
      VERBATIM_DATA_DIR: dataDir,
      VERBATIM_SECRET: 'a secret of specs, long enough to be one',
      VERBATIM_RATE_LIMIT: 'off',
      VERBATIM_ADMIN_KEY: OWNER_KEY,
      ...env,
    });
    const clock = new SettableClock();
    const root = RootModule.of(config, await enginesInMemory(config), clock);
    const app = await createApi(root, config, { logger: pino({ level: 'silent' }) });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    await app.get(Service).start();
    return new TestApi(app, clock, dataDir);
  }

  /** `body` as text goes out as it is; anything else as JSON. */
  async ask(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
    credential: string | null = OWNER_KEY,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<TestAnswer> {
    const response = await this.app.inject({
      method,
      url,
      headers: {
        ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.statusCode, headers: response.headers, body: response.json() };
  }

  async close(): Promise<void> {
    await this.app.close();
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

const enginesInMemory = async (config: VerbatimConfig): Promise<Engines> => {
  const log = await openEmbeddedEventStore({ memory: true });
  const ops = await EmbeddedOpsStore.open({ secret: config.secret });
  const readStore = await EmbeddedReadStore.open({ directory: ':memory:' });
  const close = async () => {
    for (const store of [readStore, ops, log]) await store.close();
  };
  return { log, ops, readStore, close };
};
