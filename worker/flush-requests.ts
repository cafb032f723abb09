import type { Logger } from 'pino';
import type { BufferedMeter } from '../services/google/request-meter.ts';

/** Counts that a killed process loses are at most this old. */
const FLUSHED_EVERY_MS = 15_000;

/**
 * Stores the counted requests every 15 seconds, for as long as the worker runs. After a failure the counts stay
 * in memory for the next time.
 * @returns stops the flushes, and stores what is left
 */
export function startFlushes(meter: BufferedMeter, logger: Logger): () => Promise<void> {
  const flush = () =>
    meter.flush().catch((error: unknown) => {
      logger.warn({ errorName: (error as Error).name }, 'Requests to Google could not be counted yet');
    });
  let flushing: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    // Skips a round while the last one is still running.
    flushing ??= flush().finally(() => (flushing = undefined));
  }, FLUSHED_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await flushing;
    await flush();
  };
}
