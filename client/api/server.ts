import helmet from '@fastify/helmet';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { requireDeclaredAccess } from './access.ts';
import { authenticate } from './auth.ts';
import { correlate, correlationIdOf } from './correlation.ts';
import type { ApiDependencies } from './dependencies.ts';
import { answerError, answerNotFound } from './problem.ts';
import { apiRoutes } from './routes/index.ts';
import { provideDatabase } from './scoped-database.ts';

const MOST_BODY_BYTES = 256 * 1_024;

/** The HTTP service, ready to listen. */
export async function createApi(dependencies: ApiDependencies): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = dependencies.logger;
  const app = fastify({
    loggerInstance,
    // URLs of callbacks hold codes: `logRequests` writes the route instead.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'correlationId' }),
    genReqId: correlationIdOf,
    bodyLimit: MOST_BODY_BYTES,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(answerNotFound);
  requireDeclaredAccess(app);
  correlate(app);
  authenticate(app, dependencies);
  provideDatabase(app, dependencies);
  await app.register(helmet);
  await app.register(apiRoutes, { prefix: '/api/v1', dependencies });
  return app;
}
