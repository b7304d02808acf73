import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Access } from '../http/index.js';
import { schemas } from './answers.js';
import { queryParametersOf, type Schema, schemaOf } from './field-schemas.js';
import { type Operation, operations } from './operations.js';
import { type DeclaredRoute, declaredRoutes, operationIdOf } from './routes.js';
import { scoringSchemas } from './scoring-answers.js';
import { webhookSchemas } from './webhooks.js';

type Responses = Record<string, object>;

interface Described {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  parameters?: object[];
  requestBody?: object;
  responses: Responses;
  security?: Record<string, string[]>[];
}

const METHODS = ['get', 'post', 'patch', 'put', 'delete'] as const;

/** OpenAPI 3.1 of the routes there are: paths from Nest, fields from the pipe's classes, words from the table. */
export function describeApi(app: NestFastifyApplication, version: string): OpenAPIObject {
  const declared = declaredRoutes(app);
  const document = SwaggerModule.createDocument(app, base(version), { operationIdFactory: operationIdOf });
  for (const [path, item] of Object.entries(document.paths))
    for (const method of METHODS) {
      const found = item[method] as Described | undefined;
      if (!found) continue;
      // Two paths of one handler get numbered ids; what it declares hangs on the plain one.
      const route = declared.get(found.operationId.replace(/\[\d+\]$|_\d+$/, ''));
      describe(found, `${method.toUpperCase()} ${path}`, route);
    }
  document.components = { ...document.components, schemas: { ...schemas, ...scoringSchemas, ...webhookSchemas } };
  return document;
}

const base = (version: string) =>
  new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Verbatim')
    .setDescription(
      'Every session on the record. Errors have one body, `{"error":{type,code,message,param?,details?,requestId}}`. ' +
        'Field names are taken in camelCase and snake_case; unknown body fields are ignored, unknown query parameters refused.',
    )
    .setVersion(version)
    .addServer('/')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key, `gai_…`.' }, 'apiKey')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: "A candidate's session token, `vst_…`." },
      'sessionToken',
    )
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'X-API-Key', description: "A candidate's key, PST-…; also as Bearer." },
      'candidateKey',
    )
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'VERBATIM_OPERATOR_TOKEN.' }, 'operator')
    .build();

function describe(operation: Described, key: string, route: DeclaredRoute | undefined): void {
  const words: Operation | undefined = operations[key];
  const [method = '', path = ''] = key.split(' ');
  operation.tags = [tagOf(path)];
  if (words) {
    operation.summary = words.summary;
    if (words.description) operation.description = words.description;
  }
  if (!route) return;
  const roles = rolesOf(route.access);
  if (roles) operation.description = [operation.description, roles].filter(Boolean).join('\n\n');
  operation.security = words?.asksFor ? words.asksFor.map((name) => ({ [name]: [] })) : securityOf(route.access);
  const inPath = (operation.parameters ?? []).filter((one) => (one as { in?: string }).in === 'path');
  operation.parameters = [
    ...inPath,
    ...(route.query ? queryParametersOf(route.query) : []),
    ...(method === 'POST' && !route.access.everyone ? [IDEMPOTENCY_KEY] : []),
  ];
  delete operation.requestBody;
  if (route.body) operation.requestBody = jsonBody(schemaOf(route.body));
  operation.responses = { ...refusalsOf(route, inPath.length > 0), ...answersOf(words) };
}

const tagOf = (path: string): string =>
  /^\/(api|v1)\/([a-z-]+)/.exec(path)?.[2] ??
  (path.startsWith('/health') || path === '/metrics' ? 'operation' : 'pages');

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key again within 24 hours gives the first answer again.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

const jsonBody = (schema: Schema) => ({ required: 'required' in schema, content: { 'application/json': { schema } } });

const securityOf = (access: Access): Record<string, string[]>[] => [
  ...(access.roles.length ? [{ apiKey: [] }] : []),
  ...(access.candidate ? [{ sessionToken: [] }, { candidateKey: [] }] : []),
  ...(access.operator ? [{ operator: [] }] : []),
];

const rolesOf = ({ roles }: Access): string | undefined => {
  if (!roles.length) return undefined;
  const named = roles.includes('admin') && !roles.includes('owner') ? ['owner', ...roles] : roles;
  return `Keys of role ${named.join(', ')}.`;
};

const answersOf = (words: Operation | undefined): Responses =>
  Object.fromEntries(
    Object.entries(words?.answers ?? {}).map(([status, answer]) => [
      status,
      {
        description: words?.summary ?? '',
        content:
          typeof answer === 'string'
            ? { [answer]: { schema: { type: 'string' } } }
            : { 'application/json': { schema: answer } },
      },
    ]),
  );

/** What may go wrong follows from what a route takes. */
function refusalsOf(route: DeclaredRoute, hasPathParameter: boolean): Responses {
  const { access, body, query } = route;
  return {
    ...((body ?? query) && { 400: refusal('A field or parameter is missing or not valid; `param` names it.') }),
    ...(!access.everyone && {
      401: refusal('No credential, or one that does not hold.'),
      403: refusal('The credential may not do this.'),
    }),
    ...(hasPathParameter && { 404: refusal("Absent, deleted, or another's: indistinguishable.") }),
    ...(body && { 413: refusal('The body is too large.'), 415: refusal('The body is not JSON.') }),
    429: refusal('Too many requests; `Retry-After` says when to come back.'),
    default: refusal('Whatever else went wrong.'),
  };
}

const refusal = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
});
