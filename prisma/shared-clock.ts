import type { Database } from './client.ts';
import { readClock } from './read-clock.ts';

/** Within this time two clocks drift apart by a few milliseconds at most. */
const GOOD_FOR_MS = 60_000;

/**
 * Postgres's clock with at most one query a minute. In between, the process's monotonic clock advances it,
 * which changes of the host's clock do not affect. In milliseconds since 1970.
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
