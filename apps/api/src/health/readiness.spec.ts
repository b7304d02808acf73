import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { VerbatimConfig } from '#platform';
import { createApi } from '../http/index.js';
import { type Engines, openEngines } from '../root/engines.js';
import { RootModule } from '../root/root.module.js';
import { Service } from '../root/service.js';
import type { ReadinessReport } from './readiness.js';

describe('readiness', () => {
  let dataDir: string;
  let engines: Engines;
  let app: NestFastifyApplication;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'verbatim-health-'));
    const config = new VerbatimConfig({ VERBATIM_DATA_DIR: dataDir, VERBATIM_RATE_LIMIT: 'off' });
    engines = await openEngines(config, () => {});
    app = await createApi(RootModule.of(config, engines), config, { logger: pino({ level: 'silent' }) });
    await app.init();
  });
  afterEach(async () => {
    await app.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const ask = async () => {
    const response = await app.inject('/health/ready');
    return { status: response.statusCode, body: response.json<ReadinessReport>() };
  };
  const until = async (wanted: number) => {
    for (let tries = 0; tries < 100; tries += 1) {
      const answer = await ask();
      if (answer.status === wanted) return answer;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return ask();
  };

  it('comes with the projections, not before them, and the process lives meanwhile', async () => {
    expect(await ask()).toMatchObject({ status: 503, body: { status: 'not_ready', projections: [] } });
    expect((await app.inject('/health/live')).json()).toEqual({ status: 'alive' });
    await app.get(Service).start();
    const { status, body } = await until(200);
    expect(status).toBe(200);
    expect(body.storage).toEqual({ eventLog: 'ok', operations: 'ok', readModels: 'ok' });
    expect(body.projections.map(({ name, state }) => [name, state])).toContainEqual(['sessions', 'live']);
    expect(body.policies.length).toBeGreaterThan(0);
  });

  it('leaves nothing in the log, however often it is asked', async () => {
    await app.get(Service).start();
    await until(200);
    const head = await engines.log.head();
    await new Promise((resolve) => setTimeout(resolve, 600));
    await ask();
    expect(await engines.log.head()).toBe(head);
  });

  it('names the storage that cannot be used', async () => {
    await engines.log.close();
    expect(await ask()).toMatchObject({
      status: 503,
      body: { storage: { eventLog: 'unavailable', operations: 'ok' } },
    });
  });
});
