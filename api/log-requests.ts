import type { FastifyInstance } from 'fastify';

/** Requested every few seconds, so logged only on failure. */
const PROBES = ['/livez', '/readyz', '/health', '/metrics'];

/**
 * Logs one line per request, with its route instead of the URL, which may hold codes and e-mail addresses.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url;
    const { statusCode: status } = reply;
    if (status < 400 && PROBES.includes(route ?? '')) return;
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
