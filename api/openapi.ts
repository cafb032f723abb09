import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { OpenAPIV3_1 } from 'openapi-types';
import { z } from 'zod';
import { CORRELATION_HEADER } from './correlation.ts';
import { IDEMPOTENCY_HEADER, isIdempotent } from './idempotency.ts';
import { problemSchema } from './problem.ts';

/** Version of the contract, not of the program; it changes with a new `/api/v2`. */
const API_VERSION = '1.0.0';
/** The documentation uses local scripts and styles only; its interface sets inline styles. */
const DOCUMENTATION_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const KEY_SCHEME = 'key';
const EMBED_SCHEME = 'embed';

const DESCRIPTION = `Google Calendars mirrored in Postgres, and tasks and habits planned into their free time.

Refusals and failures are \`application/problem+json\` (RFC 9457). Times are UTC instants. All-day events have dates,
and their end is exclusive.`;

const PROBLEMS = {
  '400': 'The request is malformed. `field` names the malformed field.',
  '401': 'The key is missing, revoked or expired.',
  '403': 'The key does not permit this.',
  '404': 'The workspace has no such object.',
  '409':
    'In conflict with the present state or, with Retry-After, with a run that is in progress. With `stale`, the mirror is not recent enough.',
  '413': 'The body is too large.',
  '415': 'The body is not JSON.',
  '422': 'The Idempotency-Key was used for another request.',
  '429': 'Too many requests. Retry-After says when to try again.',
  '503': 'Postgres or Temporal does not answer. Retry-After says when to try again.',
} as const;
type ProblemStatus = keyof typeof PROBLEMS;

const CORRELATION_PARAMETER: OpenAPIV3_1.ParameterObject = {
  name: CORRELATION_HEADER,
  in: 'header',
  description: 'ID of the request in logs, in the run log and in Temporal. Default: a new one.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' },
};
const IDEMPOTENCY_PARAMETER: OpenAPIV3_1.ParameterObject = {
  name: IDEMPOTENCY_HEADER,
  in: 'header',
  description:
    'A request that is repeated with the same key within 24 hours gets the first answer, and has no further effect.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
};

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/**
 * Describes every route and serves the description at `/docs` and `/docs/json`. Register it before the
 * routes.
 */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Almanac', version: API_VERSION, description: DESCRIPTION },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: {
          [KEY_SCHEME]: {
            type: 'http',
            scheme: 'bearer',
            description:
              'API key, from `almanac key create`. A browser that `createSession` has signed in sends its cookie instead.',
          },
          [EMBED_SCHEME]: {
            type: 'apiKey',
            in: 'header',
            name: 'authorization',
            description: '`Embed <token>`, with the token of an embed link.',
          },
        },
      },
    },
    transform: (route) => {
      const { schema, url } = jsonSchemaTransform(route);
      const access = route.route.config?.access;
      const scheme = access === 'embed' ? EMBED_SCHEME : KEY_SCHEME;
      return { schema: { ...schema, security: access === 'public' ? [] : [{ [scheme]: [] }] }, url };
    },
    transformObject: (made) => complete(jsonSchemaTransformObject(made) as OpenAPIV3_1.Document),
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: DOCUMENTATION_CSP });
}

/** Adds the responses and headers that all routes share. */
function complete(document: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS) {
      const operation = item?.[method];
      if (operation) completeOperation(operation, method, path);
    }
  }
  const { $schema: _dialect, ...problem } = z.toJSONSchema(problemSchema);
  const statuses = Object.keys(PROBLEMS) as ProblemStatus[];
  return {
    ...document,
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, Problem: problem as OpenAPIV3_1.SchemaObject },
      responses: Object.fromEntries(
        statuses.map((status) => [
          `Problem${status}`,
          {
            description: PROBLEMS[status],
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
    },
  };
}

function completeOperation(operation: OpenAPIV3_1.OperationObject, method: string, path: string): void {
  const hasKey = (operation.security ?? []).length > 0;
  const takesIdempotencyKey = hasKey && isIdempotent(method, path);
  const canBeStale = operation.parameters?.some((one) => 'name' in one && one.name === 'maxAge') ?? false;
  const statuses: ProblemStatus[] = [
    '400',
    // Without a key, it is the route that signs in.
    ...(hasKey || path.startsWith('/api/') ? (['401', '403'] as const) : []),
    ...(path.includes('{') ? (['404'] as const) : []),
    ...(operation.requestBody ? (['413', '415'] as const) : []),
    ...(takesIdempotencyKey || canBeStale ? (['409'] as const) : []),
    ...(takesIdempotencyKey ? (['422'] as const) : []),
    '429',
    '503',
  ];
  operation.parameters = [
    ...(operation.parameters ?? []),
    CORRELATION_PARAMETER,
    ...(takesIdempotencyKey ? [IDEMPOTENCY_PARAMETER] : []),
  ];
  const problems = statuses.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]);
  // A route's own description of a status wins.
  operation.responses = { ...Object.fromEntries(problems), ...operation.responses };
}
