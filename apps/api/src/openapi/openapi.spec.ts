import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { VerbatimConfig } from '#platform';
import { createApi } from '../http/index.js';
import { type Engines, openEngines } from '../root/engines.js';
import { RootModule } from '../root/root.module.js';
import { serveDocs } from './docs.js';
import { operations } from './operations.js';

interface Described {
  openapi: string;
  paths: Record<
    string,
    Record<
      string,
      {
        summary?: string;
        responses: Record<string, object>;
        security?: object[];
        requestBody?: unknown;
        parameters?: { name: string }[];
      }
    >
  >;
  components: { schemas: Record<string, unknown>; securitySchemes: object };
}

/** Served, but no part of the API: the page's own files, and what answers every address. */
const OUTSIDE = /^\/(docs|openapi\.json|\*)/;

describe('the description of the API', () => {
  let dataDir: string;
  let engines: Engines;
  let app: NestFastifyApplication;
  let document: Described;
  const routes = new Set<string>();

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'verbatim-openapi-'));
    const config = new VerbatimConfig({ VERBATIM_DATA_DIR: dataDir, VERBATIM_RATE_LIMIT: 'off' });
    engines = await openEngines(config, () => {});
    app = await createApi(RootModule.of(config, engines), config, { logger: pino({ level: 'silent' }) });
    (app.getHttpAdapter().getInstance() as unknown as FastifyInstance).addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) if (one !== 'HEAD' && one !== 'OPTIONS') routes.add(`${one} ${url}`);
    });
    serveDocs(app, '1.2.3');
    await app.init();
    document = (await app.inject('/openapi.json')).json<Described>();
  });
  afterAll(async () => {
    await app.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const described = () =>
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ key: `${method.toUpperCase()} ${path}`, operation })),
    );

  it('is OpenAPI 3.1', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Verbatim', version: '1.2.3' } });
  });

  it('names every route that is served, and none that is not', () => {
    const served = [...routes]
      .filter((route) => !OUTSIDE.test(route.split(' ')[1]!))
      .map((route) => route.replace(/:(\w+)/g, '{$1}').replace(/(?<=.)\/$/, ''));
    expect(new Set(described().map(({ key }) => key))).toEqual(new Set(served));
    expect(new Set(Object.keys(operations))).toEqual(new Set(served));
  });

  it('gives every operation a summary, its answers, what may go wrong, and who may call', () => {
    for (const { key, operation } of described()) {
      expect([key, operation.summary]).toEqual([key, expect.stringMatching(/^[A-Z]/)]);
      const statuses = Object.keys(operation.responses);
      expect([key, statuses]).toEqual([key, expect.arrayContaining([expect.stringMatching(/^2/), '429', 'default'])]);
      const isOpen = /^GET \/(health|metrics|s\/)/.test(key);
      expect([key, operation.security?.length === 0]).toEqual([key, isOpen]);
      expect([key, statuses.includes('401')]).toEqual([key, !isOpen]);
    }
  });

  it('describes fields as the pipe reads them', () => {
    const invite = document.paths['/api/assessments/{assessmentId}/invite']!['post']!;
    expect(invite.requestBody).toMatchObject({
      required: true,
      content: {
        'application/json': {
          schema: {
            required: ['email'],
            properties: {
              email: { type: 'string', format: 'email' },
              dueDate: { type: ['string', 'null'], format: 'date-time' },
              sendEmail: { type: 'boolean' },
            },
          },
        },
      },
    });
    const list = document.paths['/api/sessions']!['get']!;
    expect(list.parameters).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'limit', schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } }),
        expect.objectContaining({ name: 'status', schema: { enum: expect.arrayContaining(['in_progress']) } }),
      ]),
    );
  });

  it('refers to nothing that is not in it', () => {
    const names = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name!);
    for (const name of new Set(names)) expect(document.components.schemas).toHaveProperty(name);
  });

  it('is browsable without a network: every file of the page is served here, under a policy that allows no other', async () => {
    const page = await app.inject('/docs');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!);
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      expect(file).toMatch(/^\.\/docs\//);
      expect([file, (await app.inject(file.slice(1))).statusCode]).toEqual([file, 200]);
    }
    expect(page.body).not.toMatch(/<script>[^<]/);
  });
});
