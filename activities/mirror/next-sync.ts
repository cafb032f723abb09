/** The tick's period. */
const POLL_INTERVAL_MS = 15 * 60_000;
const LONGEST_BACKOFF_MS = 6 * 3_600_000;

/** The next tick after `now`: due exactly when the schedule fires, however late in the last tick the sync ran. */
export function nextTick(now: Date): Date {
  return new Date((Math.floor(now.getTime() / POLL_INTERVAL_MS) + 1) * POLL_INTERVAL_MS);
}

/** Doubling from the poll interval: after failures in a row, or sync tokens that keep expiring. */
export function nextTickAfterTrouble(now: Date, times: number): Date {
  const wait = Math.min(POLL_INTERVAL_MS * 2 ** Math.max(times - 1, 0), LONGEST_BACKOFF_MS);
  return nextTick(new Date(now.getTime() + wait - POLL_INTERVAL_MS));
}
