import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import type { FastifyInstance } from 'fastify';
import { type Environment, EnvironmentError } from '../contracts/environment.ts';
import { createPrismaClient, StatementTimeout } from '../prisma/client.ts';
import { createSharedClock } from '../prisma/shared-clock.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { startFlushes } from '../services/usage/start-flushes.ts';
import { createUsageMeter } from '../services/usage/usage-meter.ts';
import { createLogger } from '../services/logger.ts';
import { createAlmanacClient } from '../client/almanac-client.ts';
import { countActions } from '../client/count-actions.ts';
import { lazyTemporal, type TemporalSettings } from '../client/temporal-client.ts';
import { createChangeHints } from './change-hints.ts';
import { listenOn } from './listen.ts';
import { createApi } from './server.ts';

/** Longer than any request except a long poll, which the client repeats elsewhere. */
const STOP_GRACE_MS = 10_000;

/** Error codes for an address that cannot be resolved or listened on. */
const ADDRESS_ERRORS = ['EADDRINUSE', 'EACCES', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENOTFOUND', 'EAI_AGAIN'];

/**
 * Serves the API until SIGINT or SIGTERM, then answers the open requests and ends.
 * @throws EnvironmentError if the address cannot be listened on
 */
export async function runApi(
  environment: Environment,
  settings: TemporalSettings,
  tracing: Tracing | null,
): Promise<void> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, abort);

  const logger = createLogger(environment);
  const database = createPrismaClient({
    databaseUrl: environment.DATABASE_URL,
    poolSize: environment.DATABASE_POOL_SIZE,
    statementTimeoutMs: StatementTimeout.apiMs,
  });
  const usage = createUsageMeter(database);
  const temporal = lazyTemporal(settings, [
    ...(tracing === null ? [] : [tracing.client]),
    countActions(usage),
  ]);
  const almanac = createAlmanacClient({ temporal, database });
  const sharedNow = createSharedClock(database);
  const now = async () => new Date(await sharedNow());
  const changeHints = createChangeHints(environment.DATABASE_URL);
  const app = await createApi({ environment, database, temporal, almanac, logger, now, changeHints, usage });
  const stopFlushes = startFlushes([usage], logger);
  try {
    const { API_HOST: host, API_PORT: port } = environment;
    await listen(app, host, port).catch((cause: NodeJS.ErrnoException) => {
      // Also rejects with the error of a start hook, which explains itself.
      if (!ADDRESS_ERRORS.includes(cause.code ?? '')) throw cause;
      throw new EnvironmentError(
        `API_HOST and API_PORT must name a free address, but ${host}:${port} cannot be listened on. API_PORT=0 takes a free port.`,
        { cause },
      );
    });
    if (!stop.signal.aborted) await once(stop.signal, 'abort');
    const insist = setTimeout(() => app.server.closeAllConnections(), STOP_GRACE_MS);
    await app.close();
    clearTimeout(insist);
    logger.info('API stopped');
  } finally {
    await changeHints.close();
    await stopFlushes();
    await database.$disconnect();
    await temporal.connection.close();
  }
}

/** Listens on every address of the host name; `localhost` usually has two. */
async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  const found = await lookup(host, { all: true });
  await listenOn(
    app,
    found.map(({ address }) => address),
    port,
  );
}
