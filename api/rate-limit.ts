import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { RateLimitedError } from '../services/errors.ts';
import type { ApiDependencies } from './dependencies.ts';

const WINDOW_MS = 60_000;
/** Number of remembered callers; the one idle for longest is forgotten first. */
const MOST_CALLERS = 20_000;

/** Limits the requests of each key, or of each address without a valid key. */
export async function limitRates(app: FastifyInstance, { environment }: ApiDependencies): Promise<void> {
  await app.register(rateLimit, {
    max: environment.API_REQUESTS_PER_MINUTE,
    timeWindow: WINDOW_MS,
    cache: MOST_CALLERS,
    enableDraftSpec: true,
    keyGenerator: (request) => request.caller?.keyId ?? request.ip,
    errorResponseBuilder: (_request, { max }) =>
      new RateLimitedError(`At most ${max} requests a minute: try again after Retry-After.`),
  });
}
