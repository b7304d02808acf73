import { Module, type ModuleMetadata } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import type { Fact } from '#event-sourcing';
import { type Ground, openGroundModule } from '#event-sourcing/testing/ground.js';
import { FirstStart } from '#organizations';
import type { SettableClock } from '#platform';
import type { Projection } from '#read-store';
import { createApi, HttpModule } from '../http/index.js';
import { AuthenticationModule } from '../root/authentication.module.js';

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

/** The doors of some rooms with all their manners, over stores in memory, with a first organization and its owner. */
export class TestApi {
  private constructor(
    private readonly app: NestFastifyApplication,
    readonly clock: SettableClock,
    readonly close: () => Promise<void>,
  ) {}

  static async open(ground: Ground, { modules, projections, env }: TestApiOptions): Promise<TestApi> {
    const house = await openGroundModule(ground, {
      projections: projections ?? [],
      env: { VERBATIM_ADMIN_KEY: OWNER_KEY, ...env },
    });
    @Module({ imports: [house.module, HttpModule, AuthenticationModule, ...modules] })
    class TestApiModule {}
    const app = await createApi(TestApiModule, house.config, { logger: pino({ level: 'silent' }) });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    await app.get(FirstStart, { strict: false }).run();
    return new TestApi(app, house.clock, async () => {
      await app.close();
      await house.close();
    });
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
}
