import { z } from 'zod';
import type { ApiRoutes } from '../dependencies.ts';
import { createProbes, probeSchema } from '../probes.ts';

const healthSchema = z.object({
  service: z.literal('almanac'),
  status: z.enum(['ok', 'unavailable']),
  uptimeSeconds: z.number(),
  dependencies: z.object({ postgres: probeSchema, temporal: probeSchema }),
});
const livenessSchema = z.object({ status: z.literal('ok') });
const readinessSchema = z.object({ status: z.enum(['ok', 'unavailable']), postgres: probeSchema });

/** Probes for load balancers and monitors, which have no key. */
export const probeRoutes: ApiRoutes = async (app, { dependencies }) => {
  const probes = createProbes(dependencies);

  app.get(
    '/livez',
    {
      config: { access: 'public', rateLimit: false },
      schema: {
        operationId: 'isAlive',
        tags: ['Service'],
        summary: 'Whether the process answers',
        response: { 200: livenessSchema },
      },
    },
    async () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config: { access: 'public', rateLimit: false },
      schema: {
        operationId: 'isReady',
        tags: ['Service'],
        summary: 'Whether requests can be served',
        description:
          'Without Temporal, stored data can still be read and changed; requests that start a workflow answer 503 until it is back.',
        response: { 200: readinessSchema, 503: readinessSchema },
      },
    },
    async (_request, reply) => {
      const postgres = await probes.postgres();
      if (postgres.status === 'ok') return { status: 'ok' as const, postgres };
      return reply.code(503).send({ status: 'unavailable', postgres });
    },
  );

  app.get(
    '/health',
    {
      config: { access: 'public', rateLimit: false },
      schema: {
        operationId: 'getHealth',
        tags: ['Service'],
        summary: 'Health of the service and its dependencies',
        response: { 200: healthSchema, 503: healthSchema },
      },
    },
    async (_request, reply) => {
      const [postgres, temporal] = await Promise.all([probes.postgres(), probes.temporal()]);
      const isUp = postgres.status === 'ok' && temporal.status === 'ok';
      return reply.code(isUp ? 200 : 503).send({
        service: 'almanac',
        status: isUp ? 'ok' : 'unavailable',
        uptimeSeconds: Math.round(process.uptime()),
        dependencies: { postgres, temporal },
      });
    },
  );
};
