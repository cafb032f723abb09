import type { FastifyInstance } from 'fastify';
import { WEBHOOK_PATH } from '../contracts/push.ts';

/** Requested every few seconds, or thousands of times in a burst: metrics count them, failures are logged. */
const QUIET = ['/livez', '/readyz', '/health', '/metrics', WEBHOOK_PATH];

/**
 * Logs one line per request, with its route instead of the URL, which may hold codes and e-mail addresses.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url;
    const { statusCode: status } = reply;
    if (status < 400 && QUIET.includes(route ?? '')) return;
    const { workspaceId } = (request.params ?? {}) as { workspaceId?: string };
    request.log.info(
      {
        method: request.method,
        route,
        status,
        ms: Math.round(reply.elapsedTime),
        keyId: request.caller?.keyId,
        // Not validated if the caller was rejected.
        ...(status < 400 && { workspaceId }),
      },
      'Request answered',
    );
  });
}
