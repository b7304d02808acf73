import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import helmet from '@fastify/helmet';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import { Clock, VerbatimConfig } from '#platform';
import { Authenticator } from './authenticator.js';
import { DEFAULT_BODY_LIMIT } from './body-limit.js';
import { answerBrokenConnection } from './broken-connection.js';
import { answerError } from './error.filter.js';
import { readJsonBody } from './json-body.js';
import { KnownMethods } from './known-methods.js';
import { NestLog } from './logging.js';
import { Metrics } from './metrics.js';
import { letOversizedBodiesEnd } from './oversized-body.js';
import { type RateLimitSettings, RateLimits } from './rate-limits.js';
import { installRequestHooks } from './request-hooks.js';
import { installRequestLog } from './request-log.js';

export interface ApiOptions {
  readonly logger: Logger;
  readonly rateLimits?: RateLimitSettings;
}

/** Headers a browser's script may read beside the usual ones. */
const EXPOSED = [
  'X-Request-Id',
  'X-Verbatim-Position',
  'Idempotency-Replayed',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
];

/** The Nest application on Fastify with all the manners of contract §1.7, not yet listening. */
export async function createApi(
  root: Type | DynamicModule,
  config: VerbatimConfig,
  options: ApiOptions,
): Promise<NestFastifyApplication> {
  const fastify = createFastify(config, options.logger);
  const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter(fastify), {
    bodyParser: false,
    abortOnError: false,
    logger: new NestLog(options.logger),
  });
  app.enableCors({
    origin: (origin: string | undefined, decide: (error: Error | null, allow: boolean) => void) =>
      decide(null, origin !== undefined && config.corsOrigins.includes(origin)),
    methods: ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED,
    maxAge: 600,
  });
  await fastify.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
  takeJsonOnly(fastify);
  letOversizedBodiesEnd(fastify);
  new KnownMethods().watch(fastify);
  installRequestHooks(fastify, {
    clock: app.get(Clock),
    authenticator: app.get(Authenticator),
    rateLimits: config.rateLimit ? new RateLimits(options.rateLimits) : undefined,
  });
  // A logger's level stays what it was at the start.
  if (options.logger.isLevelEnabled('info')) installRequestLog(fastify);
  app.get(Metrics).watch(fastify);
  letConnectionsGo(fastify);
  return app;
}

function createFastify(config: VerbatimConfig, logger: Logger): FastifyInstance {
  const options: FastifyServerOptions<Server> = {
    loggerInstance: logger as FastifyBaseLogger,
    // Our own line a request replaces Fastify's two (`request-log.ts`).
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: ({ headers }) => requestId(headers['x-request-id']),
    requestIdHeader: false,
    bodyLimit: DEFAULT_BODY_LIMIT,
    trustProxy: (_address: string, hop: number) => hop < config.trustProxy,
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (error, request, reply) => answerError(request, reply, error),
    clientErrorHandler: answerBrokenConnection,
    // Requests under way on kept connections are answered while the server drains.
    return503OnClosing: false,
    requestTimeout: 120_000,
  };
  return Fastify(options);
}

const requestId = (given: string | string[] | undefined): string =>
  typeof given === 'string' && /^[A-Za-z0-9._:@/+=-]{1,128}$/.test(given) ? given : randomUUID();

function takeJsonOnly(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(
    /^application\/([\w.-]+\+)?json($|;)/,
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => readJsonBody(request, body),
  );
  fastify.addHook('onRoute', (route) => {
    const { bodyLimit } = (route.config ?? {}) as { bodyLimit?: number };
    if (bodyLimit !== undefined) route.bodyLimit = bodyLimit;
  });
}

/** Once the server is stopping, an answer ends its connection: Node waits for kept ones that went idle too late. */
function letConnectionsGo(fastify: FastifyInstance): void {
  let stopping = false;
  fastify.addHook('preClose', (done) => {
    stopping = true;
    done();
  });
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (stopping) reply.header('connection', 'close');
    done();
  });
}
