import { Global, Module } from '@nestjs/common';
import { pino } from 'pino';
import { LogCursors } from '#event-sourcing';
import { OpsStore } from '#ops-store';
import { Clock, type Environment, type Principal, SystemClock, VerbatimConfig, VerbatimError } from '#platform';
import { Authenticator, createApi, HttpModule } from '../index.js';
import type { RateLimitSettings } from '../rate-limits.js';
import { TryOutController } from './try-out.controller.js';

const CREDENTIALS: Readonly<Record<string, Principal>> = {
  gai_owner: { kind: 'key', orgId: 'org-1', keyId: 'k-owner', name: 'Owner', role: 'owner', pii: true },
  gai_admin: { kind: 'key', orgId: 'org-1', keyId: 'k-admin', name: 'Admin', role: 'admin', pii: true },
  gai_auditor: { kind: 'key', orgId: 'org-1', keyId: 'k-auditor', name: 'Auditor', role: 'auditor', pii: false },
  gai_runtime: { kind: 'key', orgId: 'org-1', keyId: 'k-runtime', name: 'Runtime', role: 'runtime', pii: false },
  vst_candidate: { kind: 'candidate', orgId: 'org-1', sessionId: 's-1' },
};

export const LOG_ID = '0190c5a1-0000-7000-8000-000000000001';
/** Where the log of the try-out ends. */
const HEAD = 42n;

class KnownCredentials extends Authenticator {
  constructor(private readonly revoked: ReadonlySet<string>) {
    super();
  }

  async authenticate(credential: string): Promise<Principal> {
    if (this.revoked.has(credential)) throw new VerbatimError('key_revoked', 'This API key was revoked.');
    const principal = CREDENTIALS[credential];
    if (!principal) throw new VerbatimError('invalid_api_key', 'This API key is not known here.');
    return principal;
  }

  async authenticateKey(): Promise<never> {
    throw new VerbatimError('invalid_key', 'This key is not valid.');
  }
}

export interface TryOutOptions {
  readonly ops: OpsStore;
  readonly environment?: Environment;
  readonly rateLimits?: RateLimitSettings;
  /** Keys that hold no more from the moment they are put in. */
  readonly revoked?: ReadonlySet<string>;
  readonly log?: (line: string) => void;
}

/** A whole API with the try-out controller in place of the rooms. */
export async function tryOutApi(options: TryOutOptions) {
  const config = new VerbatimConfig({
    VERBATIM_RATE_LIMIT: 'off',
    VERBATIM_SECRET: 's'.repeat(32),
    ...options.environment,
  });
  @Global()
  @Module({
    imports: [HttpModule],
    controllers: [TryOutController],
    providers: [
      { provide: VerbatimConfig, useValue: config },
      { provide: Clock, useClass: SystemClock },
      { provide: Authenticator, useValue: new KnownCredentials(options.revoked ?? new Set()) },
      { provide: OpsStore, useValue: options.ops },
      { provide: LogCursors, useValue: new LogCursors(LOG_ID, async () => HEAD) },
    ],
    exports: [VerbatimConfig, Clock, Authenticator, OpsStore, LogCursors],
  })
  class TryOutModule {}
  const write = options.log;
  const logger = write ? pino({ level: 'info' }, { write }) : pino({ level: 'silent' });
  const app = await createApi(TryOutModule, config, {
    logger,
    ...(options.rateLimits && { rateLimits: options.rateLimits }),
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}
