import type { FastifyInstance } from 'fastify';

/** Probes ask every few seconds, and say nothing of interest as long as they succeed. */
const PROBES = ['/livez', '/readyz', '/health', '/metrics'];

/** One line for each request, by its route: URLs may hold codes and addresses. */
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
        // Nobody has checked it where the caller was turned away.
        ...(status < 400 && { workspaceId }),
      },
      'Request answered',
    );
  });
}
