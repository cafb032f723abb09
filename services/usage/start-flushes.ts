import type { Logger } from 'pino';

/** Counts that a killed process loses are at most this old. */
const FLUSHED_EVERY_MS = 15_000;

/** What keeps counts in memory. */
interface Meter {
  flush(): Promise<void>;
}

/**
 * Stores what meters have counted every 15 seconds, for as long as the process runs. After a failure the counts
 * stay in memory for the next time.
 * @returns stops the flushes, and stores what is left
 */
export function startFlushes(meters: readonly Meter[], logger: Logger): () => Promise<void> {
  const flush = async () => {
    for (const meter of meters)
      await meter.flush().catch((error: unknown) => {
        logger.warn({ errorName: (error as Error).name }, 'Usage could not be stored yet');
      });
  };
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
