import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import getPort from 'get-port';
import type { Logger } from 'pino';
import { type Environment, EnvironmentError } from '../contracts/environment.ts';
import { toTemporalLogger } from '../services/logger.ts';
import { HISTOGRAM_BUCKETS } from './metrics.ts';

/**
 * Installs Temporal's runtime, which logs through `logger` and serves its own and Almanac's metrics for
 * Prometheus at one address. Returns that address.
 * @throws EnvironmentError when the port is taken.
 */
export async function installRuntime(
  { METRICS_HOST, METRICS_PORT }: Pick<Environment, 'METRICS_HOST' | 'METRICS_PORT'>,
  logger: Logger,
  shutdownSignals: readonly NodeJS.Signals[],
): Promise<string> {
  // Port 0 is resolved here, because the runtime does not report which port it was given.
  const port = METRICS_PORT || (await getPort({ host: METRICS_HOST }));
  const bindAddress = METRICS_HOST.includes(':') ? `[${METRICS_HOST}]:${port}` : `${METRICS_HOST}:${port}`;
  try {
    Runtime.install({
      logger: toTemporalLogger(logger),
      telemetryOptions: {
        // Without forwarding, the native core writes lines of its own to stdout, which are not JSON.
        logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN' }) },
        metrics: { prometheus: { bindAddress, histogramBucketOverrides: HISTOGRAM_BUCKETS } },
      },
      shutdownSignals: [...shutdownSignals],
    });
  } catch (error) {
    throw new EnvironmentError(
      `METRICS_HOST and METRICS_PORT must name a free address: ${bindAddress} cannot be listened on. METRICS_PORT=0 takes a free port.`,
      { cause: error },
    );
  }
  return `http://${bindAddress}/metrics`;
}
