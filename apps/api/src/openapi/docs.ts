import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { describeApi } from './document.js';

/** The page's own scripts and styles only: it works without a network and loads no other API's description. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "connect-src 'self'; frame-ancestors 'none'";

/** `/openapi.json` and the page to browse it, `/docs`. Made when first asked for. Before `app.init()`. */
export function serveDocs(app: NestFastifyApplication, version: string): void {
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (/^\/docs(\/|$|\?)/.test(request.url)) reply.header('content-security-policy', PAGE_POLICY);
    done();
  });
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('docs', app, () => (document ??= describeApi(app, version)), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Verbatim API',
    swaggerOptions: { persistAuthorization: false, tryItOutEnabled: false },
  });
}
