import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DynamicModule, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import type { Fact } from '#event-sourcing';
import { type Ground, openGroundModule } from '#event-sourcing/testing/ground.js';
import { openEmbeddedConsumerGroups, openEmbeddedEventStore } from '#event-store/embedded/index.js';
import { EmbeddedOpsStore } from '#ops-store/embedded/index.js';
import { FirstStart } from '#organizations';
import { SettableClock, SystemClock, VerbatimConfig } from '#platform';
import type { Projection } from '#read-store';
import { EmbeddedReadStore } from '#read-store/embedded/index.js';
import { createApi, HttpModule } from '../http/index.js';
import { AuthenticationModule } from '../root/authentication.module.js';
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

export interface TestApiOptions {
  readonly modules: NonNullable<ModuleMetadata['imports']>;
  readonly projections?: readonly Projection<Fact>[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The HTTP side over stores in memory, on a clock that stands still, with a first organization and its owner. */
export class TestApi {
  private constructor(
    private readonly app: NestFastifyApplication,
    readonly clock: SettableClock,
    readonly close: () => Promise<void>,
    /** Where mail is kept: of a whole server alone. */
    readonly outbox: string = '',
  ) {}

  /** The whole of Verbatim as `npm start` runs it: projector, policies, scheduler and mail go on by themselves, scorers when asked for. */
  static async whole(env: Readonly<Record<string, string>> = {}): Promise<TestApi> {
    // For the outbox, which is files whatever the stores are.
    const dataDir = await mkdtemp(join(tmpdir(), 'verbatim-api-'));
    const config = new VerbatimConfig({
      VERBATIM_DATA_DIR: dataDir,
      VERBATIM_SECRET: 'a secret of specs, long enough to be one',
      VERBATIM_RATE_LIMIT: 'off',
      // So that a status stays what a spec made it.
      VERBATIM_SCORERS: '0',
      VERBATIM_ADMIN_KEY: OWNER_KEY,
      ...env,
    });
    const clock = new SettableClock();
    const app = await ready(RootModule.of(config, await enginesInMemory(config), clock), config);
    await app.get(Service).start();
    const close = async () => {
      await app.close();
      await rm(dataDir, { recursive: true, force: true });
    };
    return new TestApi(app, clock, close, join(dataDir, 'outbox'));
  }

  /** The doors of some rooms alone: nothing happens that was not asked for. */
  static async open(ground: Ground, { modules, projections, env }: TestApiOptions): Promise<TestApi> {
    const house = await openGroundModule(ground, {
      projections: projections ?? [],
      env: { VERBATIM_ADMIN_KEY: OWNER_KEY, ...env },
    });
    @Module({ imports: [house.module, HttpModule, AuthenticationModule, ...modules] })
    class TestApiModule {}
    const app = await ready(TestApiModule, house.config);
    await app.get(FirstStart, { strict: false }).run();
    return new TestApi(app, house.clock, async () => {
      await app.close();
      await house.close();
    });
  }

  /** Something of the process itself, for what no caller can do: a scorer of ours, say. */
  get<Part>(type: Type<Part>): Part {
    return this.app.get(type, { strict: false });
  }

  /** `body` as text goes out as it is; anything else as JSON. What comes back is read by its content type. */
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
    const isJson = String(response.headers['content-type']).startsWith('application/json');
    return {
      status: response.statusCode,
      headers: response.headers,
      body: isJson ? response.json() : response.body,
    };
  }
}

const ready = async (root: Type | DynamicModule, config: VerbatimConfig): Promise<NestFastifyApplication> => {
  const app = await createApi(root, config, { logger: pino({ level: 'silent' }) });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
};

const enginesInMemory = async (config: VerbatimConfig): Promise<Engines> => {
  const log = await openEmbeddedEventStore({ memory: true });
  const groups = await openEmbeddedConsumerGroups({ directory: undefined, log, clock: new SystemClock() });
  const ops = await EmbeddedOpsStore.open({ secret: config.secret });
  const readStore = await EmbeddedReadStore.open({ directory: ':memory:' });
  const close = async () => {
    for (const store of [readStore, ops, groups, log]) await store.close();
  };
  return { log, groups, ops, readStore, close };
};
