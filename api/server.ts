import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { requireDeclaredAccess } from './access.ts';
import { rememberMethods } from './allowed-methods.ts';
import { answerInTime } from './answer-in-time.ts';
import { authenticate } from './auth.ts';
import { limitBigReads } from './big-reads.ts';
import { correlate, correlationIdOf } from './correlation.ts';
import { countCalls } from './count-calls.ts';
import type { ApiDependencies } from './dependencies.ts';
import { answerOnce } from './idempotency.ts';
import { readJsonBodies } from './json-bodies.ts';
import { refuseUnknownParameters } from './known-parameters.ts';
import { logRequests } from './log-requests.ts';
import { measureRequests } from './metrics.ts';
import { describeRoutes } from './openapi.ts';
import { answerError, answerNotFound } from './problem.ts';
import { probeRoutes } from './routes/probes.ts';
import { codecRoutes } from './routes/codec.ts';
import { consoleRoutes } from './routes/console.ts';
import { apiRoutes } from './routes/index.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { proveAnswers } from './prove-answers.ts';
import { limitRates } from './rate-limit.ts';
import { refuseConnection } from './refuse-connection.ts';
import { HEADERS } from './security-headers.ts';
import { endSilentConnections } from './silent-connections.ts';
import { feedRoutes } from './routes/feeds.ts';
import { mcpRoutes } from './routes/mcp.ts';
import { oauthRoutes } from './routes/oauth.ts';
import { provideDatabase } from './scoped-database.ts';
import { traceRequests } from './trace-requests.ts';
import { countWaits } from './wait.ts';

const MOST_BODY_BYTES = 256 * 1_024;
/** Limits against clients that send slowly to hold connections. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 20_000;
const CONNECTIONS_CHECKED_EVERY_MS = 2_000;
/** Longest idle time of a connection; longer than a long poll waits. */
const IDLE_TIMEOUT_MS = 75_000;

/** The HTTP service, ready to listen. */
export async function createApi(given: ApiDependencies): Promise<FastifyInstance> {
  const dependencies = { ...given, almanac: answerInTime(given) };
  const { environment, logger } = dependencies;
  const loggerInstance: FastifyBaseLogger = logger;
  const app = fastify({
    loggerInstance,
    // Callback URLs contain OAuth codes, so `logRequests` logs the route instead.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'correlationId' }),
    genReqId: correlationIdOf,
    trustProxy: environment.API_TRUSTED_PROXIES.length > 0 ? environment.API_TRUSTED_PROXIES : false,
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: IDLE_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: CONNECTIONS_CHECKED_EVERY_MS },
    frameworkErrors: answerError,
    clientErrorHandler: refuseConnection,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  endSilentConnections(app);
  readJsonBodies(app);
  rememberMethods(app);
  requireDeclaredAccess(app);
  traceRequests(app);
  correlate(app);
  await app.register(cookie);
  authenticate(app, dependencies);
  provideDatabase(app, dependencies);
  logRequests(app);
  countCalls(app, dependencies);
  await app.register(helmet, HEADERS);
  await limitRates(app, dependencies);
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, answerNotFound);
  refuseUnknownParameters(app);
  limitBigReads(app);
  countWaits(app);
  proveAnswers(app, dependencies);
  answerOnce(app, dependencies);
  const metrics = measureRequests(app);
  await describeRoutes(app);
  await app.register(probeRoutes, { dependencies });
  await app.register(apiRoutes, { prefix: '/api/v1', dependencies });
  await app.register(oauthRoutes, { dependencies });
  await app.register(feedRoutes, { dependencies });
  await app.register(webhookRoutes, { dependencies, metrics });
  await app.register(codecRoutes, { dependencies });
  await app.register(mcpRoutes, { dependencies });
  await app.register(consoleRoutes, { dependencies });
  return app;
}
