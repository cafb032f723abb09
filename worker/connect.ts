import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import type { Logger } from 'pino';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Connects to Temporal, however long that takes, so that a worker may start before its server.
 * @returns null if `stop` is aborted first
 */
export async function connectWorker(
  options: NativeConnectionOptions,
  logger: Logger,
  stop: AbortSignal,
): Promise<NativeConnection | null> {
  const stopped = new Promise<null>((resolve) => {
    stop.addEventListener('abort', () => resolve(null), { once: true });
  });
  for (let waitMs = FIRST_WAIT_MS; !stop.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      return await Promise.race([NativeConnection.connect(options), stopped]);
    } catch (error) {
      const { name } = error as Error;
      logger.warn(
        { address: options.address, errorName: name, waitMs },
        'Temporal does not answer; trying again',
      );
      await Promise.race([sleep(waitMs), stopped]);
    }
  }
  return null;
}
