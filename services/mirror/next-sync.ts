import { Prisma } from '../../prisma/generated/client.ts';

/** Calendars become due at a tick of the schedule, which fires every quarter of an hour. */
const TICK_MS = 15 * 60_000;
const LONGEST_BACKOFF_MS = 6 * 3_600_000;
/**
 * Share by which the poll interval of a calendar with a push channel is shortened at most; each calendar has
 * its own.
 */
const SPREAD = 0.25;

/** Poll intervals of calendars, in milliseconds. */
export interface PollIntervals {
  plainMs: number;
  /** Interval while a push channel is live. */
  withPushMs: number;
}

/** Next due time of a calendar, as SQL. `withPush` applies if a push channel is live. */
export interface NextSync {
  plain: Prisma.Sql;
  withPush: Prisma.Sql;
}

/** SQL of the next tick after an instant, however late in a tick's period the instant lies. */
export function nextTick(instant: Prisma.Sql): Prisma.Sql {
  const tick = Prisma.sql`${TICK_MS}::float8 * interval '1 millisecond'`;
  return Prisma.sql`(date_bin(${tick}, ${instant}, timestamptz 'epoch') + ${tick})`;
}

/** Computed by Postgres's clock, because a worker's clock may be wrong by days. */
const tickAfter = (ms: number) =>
  nextTick(Prisma.sql`now() + ${Math.max(ms - TICK_MS, 0)}::float8 * interval '1 millisecond'`);

/** Due time at the first tick at which an interval that began with the last tick is over. */
export function nextSync(intervals: PollIntervals, calendarId: string): NextSync {
  // The calendar's UUID is random, so calendars that were synced together do not come due together.
  const share = Number.parseInt(calendarId.slice(0, 4), 16) / 0xffff;
  return {
    plain: tickAfter(intervals.plainMs),
    withPush: tickAfter(intervals.withPushMs * (1 - SPREAD * share)),
  };
}

/**
 * Due time after failures in a row, or after listings in a row without a usable sync token. The delay doubles
 * from one tick up to six hours.
 */
export function nextTickAfterFailures(times: number): Prisma.Sql {
  return tickAfter(Math.min(TICK_MS * 2 ** Math.max(times - 1, 0), LONGEST_BACKOFF_MS));
}
