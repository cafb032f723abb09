import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import type { Logger } from 'pino';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/** Waits for Temporal as long as it takes: a worker that starts before its server must not have to be restarted. */
export async function connectWorker(
  options: NativeConnectionOptions,
  logger: Logger,
): Promise<NativeConnection> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      return await NativeConnection.connect(options);
    } catch (error) {
      const { name } = error as Error;
      logger.warn(
        { address: options.address, errorName: name, waitMs },
        'Temporal does not answer; trying again',
      );
      await sleep(waitMs);
    }
  }
}
