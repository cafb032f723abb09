const DAY_MS = 86_400_000;

/**
 * The half-open span of occurrences that a mirror holds on a day: 90 days back and 400 ahead, in days of UTC.
 */
export function horizonAt(now: Date): { from: Date; to: Date } {
  const today = now.getTime() - (now.getTime() % DAY_MS);
  return { from: new Date(today - 90 * DAY_MS), to: new Date(today + 400 * DAY_MS) };
}
