import type { Worker } from '@temporalio/worker';
import fastify, { type FastifyInstance } from 'fastify';
import type { Environment } from '../contracts/environment.ts';
import type { Database } from '../prisma/client.ts';

const PING_TIMEOUT_MS = 2_000;

async function postgresAnswers(database: Database): Promise<boolean> {
  const timeout = new Promise<false>((resolve) => {
    setTimeout(resolve, PING_TIMEOUT_MS, false).unref();
  });
  const ping = database.$queryRaw`select 1`.then(
    () => true,
    () => false,
  );
  return Promise.race([ping, timeout]);
}

/**
 * Serves `GET /livez`, 200 while the process answers, and `GET /readyz`, 200 while every worker polls and
 * Postgres answers; otherwise 503, with the state of each.
 */
export async function serveProbes(
  environment: Pick<Environment, 'WORKER_HEALTH_HOST' | 'WORKER_HEALTH_PORT'>,
  workers: readonly Worker[],
  database: Database,
): Promise<FastifyInstance> {
  const server = fastify();
  server.get('/livez', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const checks = {
      postgres: (await postgresAnswers(database)) ? 'ok' : 'unreachable',
      workers: Object.fromEntries(workers.map((worker) => [worker.options.taskQueue, worker.getState()])),
    };
    const ready = checks.postgres === 'ok' && workers.every((worker) => worker.getState() === 'RUNNING');
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'unavailable', ...checks });
  });
  await server.listen({ host: environment.WORKER_HEALTH_HOST, port: environment.WORKER_HEALTH_PORT });
  return server;
}
