import type { Database } from './client.ts';
import { readClock } from './read-clock.ts';

/** Two quartzes drift apart by a few milliseconds within this. */
const GOOD_FOR_MS = 60_000;

/**
 * Postgres's clock without a question each time: it is read once a minute at most, and goes on by the process's own
 * stopwatch, which no change of the host's clock moves. In milliseconds since 1970.
 */
export function createSharedClock(database: Database): () => Promise<number> {
  let known = { aheadMs: 0, readAtMs: Number.NEGATIVE_INFINITY };
  let asking: Promise<void> | null = null;

  async function ask(): Promise<void> {
    const readAtMs = performance.now();
    known = { readAtMs, aheadMs: (await readClock(database)).getTime() - readAtMs };
  }

  return async () => {
    if (performance.now() - known.readAtMs > GOOD_FOR_MS) {
      asking ??= ask().finally(() => (asking = null));
      await asking;
    }
    return performance.now() + known.aheadMs;
  };
}
