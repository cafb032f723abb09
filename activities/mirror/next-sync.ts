/** Calendars become due with a tick of the schedule, which fires every quarter of an hour. */
const TICK_MS = 15 * 60_000;
const LONGEST_BACKOFF_MS = 6 * 3_600_000;
/** Calendars with a push channel are polled at up to this much less than their interval, each at its own. */
const SPREAD = 0.25;

/** How often calendars are polled, in milliseconds. */
export interface PollIntervals {
  plainMs: number;
  /** Where a push channel is live. */
  withPushMs: number;
}

/** When a calendar is due again: `withPush` where a push channel is live then. */
export interface NextSync {
  plain: Date;
  withPush: Date;
}

/** The next tick after `now`: due exactly when the schedule fires, however late in the last tick the sync ran. */
export function nextTick(now: Date): Date {
  return new Date((Math.floor(now.getTime() / TICK_MS) + 1) * TICK_MS);
}

const tickAfter = (now: Date, ms: number) => nextTick(new Date(now.getTime() + Math.max(ms - TICK_MS, 0)));

/** The first tick at which an interval that began with the last tick is over. */
export function nextSync(now: Date, intervals: PollIntervals, calendarId: string): NextSync {
  // The calendar's UUID is random: with it, calendars that were synced together do not come back together.
  const share = Number.parseInt(calendarId.slice(0, 4), 16) / 0xffff;
  return {
    plain: tickAfter(now, intervals.plainMs),
    withPush: tickAfter(now, intervals.withPushMs * (1 - SPREAD * share)),
  };
}

/** Doubling from one tick: after failures in a row, or sync tokens that keep expiring. */
export function nextTickAfterTrouble(now: Date, times: number): Date {
  return tickAfter(now, Math.min(TICK_MS * 2 ** Math.max(times - 1, 0), LONGEST_BACKOFF_MS));
}
