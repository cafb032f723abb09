import { Prisma } from '../../prisma/generated/client.ts';

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

/** When a calendar is due again, as SQL: `withPush` where a push channel is live then. */
export interface NextSync {
  plain: Prisma.Sql;
  withPush: Prisma.Sql;
}

/** SQL of the next tick after an instant: due exactly when the schedule fires, however late in the last tick it is. */
export function nextTick(instant: Prisma.Sql): Prisma.Sql {
  const tick = Prisma.sql`${TICK_MS}::float8 * interval '1 millisecond'`;
  return Prisma.sql`(date_bin(${tick}, ${instant}, timestamptz 'epoch') + ${tick})`;
}

/** By Postgres's clock, for the clock of a worker may be wrong by days. */
const tickAfter = (ms: number) =>
  nextTick(Prisma.sql`now() + ${Math.max(ms - TICK_MS, 0)}::float8 * interval '1 millisecond'`);

/** The first tick at which an interval that began with the last tick is over. */
export function nextSync(intervals: PollIntervals, calendarId: string): NextSync {
  // The calendar's UUID is random: with it, calendars that were synced together do not come back together.
  const share = Number.parseInt(calendarId.slice(0, 4), 16) / 0xffff;
  return {
    plain: tickAfter(intervals.plainMs),
    withPush: tickAfter(intervals.withPushMs * (1 - SPREAD * share)),
  };
}

/** Doubling from one tick: after failures in a row, or listings that end without a sync token that lives. */
export function nextTickAfterTrouble(times: number): Prisma.Sql {
  return tickAfter(Math.min(TICK_MS * 2 ** Math.max(times - 1, 0), LONGEST_BACKOFF_MS));
}
