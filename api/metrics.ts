import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import { NOTIFICATION_OUTCOMES, type NotificationOutcome } from './push/notification-intake.ts';
import { SECOND_MS } from '../contracts/durations.ts';

const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];

/** Metrics that individual routes record. */
export interface ApiMetrics {
  notificationReceived(outcome: NotificationOutcome): void;
}

/** Measures every request by its route, which names no workspace, and serves the metrics at `/metrics`. */
export function measureRequests(app: FastifyInstance): ApiMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'almanac_api_request_seconds',
    help: 'From the head of a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  const notifications = new Counter({
    name: 'almanac_api_notifications_total',
    help: 'Notifications of Google by what came of them',
    labelNames: ['outcome'],
    registers: [registry],
  });
  // Initialised with 0, because `rate` ignores the first value of a new counter.
  for (const outcome of NOTIFICATION_OUTCOMES) notifications.inc({ outcome }, 0);
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    seconds.observe(labels, reply.elapsedTime / SECOND_MS);
  });
  app.get(
    '/metrics',
    { config: { access: 'public', rateLimit: false }, schema: { hide: true } },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
  return { notificationReceived: (outcome) => notifications.inc({ outcome }) };
}
