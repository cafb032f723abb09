import { MINUTE_MS, SECOND_MS } from '../../contracts/durations.ts';
import type { Environment } from '../../contracts/environment.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import type { PollStretch } from './poll-stretch.ts';

/** Calendars become due at a tick of the schedule, which fires every quarter of an hour. */
const TICK_MS = 15 * 60_000;
const LONGEST_BACKOFF_MS = 6 * 3_600_000;
/**
 * Share by which a poll interval that is long is shortened at most; each calendar has its own. So calendars
 * that were synced together do not come due together.
 */
const SPREAD = 0.25;
/** Time without a change after which a calendar is quiet. */
const QUIET_AFTER = Prisma.sql`interval '14 days'`;

/** Poll intervals of calendars, in milliseconds. */
export interface PollIntervals {
  plainMs: number;
  /** Interval while a push channel is live. */
  withPushMs: number;
}

/** Poll intervals of the environment. */
export function pollIntervals({
  POLL_INTERVAL_MINUTES,
  POLL_INTERVAL_WITH_PUSH_MINUTES,
}: Pick<Environment, 'POLL_INTERVAL_MINUTES' | 'POLL_INTERVAL_WITH_PUSH_MINUTES'>): PollIntervals {
  return {
    plainMs: POLL_INTERVAL_MINUTES * MINUTE_MS,
    withPushMs: POLL_INTERVAL_WITH_PUSH_MINUTES * MINUTE_MS,
  };
}

/** Poll intervals, and how far they are stretched at present, because Google's daily budget runs short. */
export interface PollSettings extends PollIntervals {
  /** Interval up to which others are stretched. Longer ones stay as they are. */
  mostMs: number;
  stretch: PollStretch;
}

/**
 * A query for one row `due, stretched`: the next due time of the calendar whose sync state is `s`, and its
 * poll interval in seconds if it was stretched, else null.
 */
export type NextSync = Prisma.Sql;

/** SQL of the next tick after an instant, however late in a tick's period the instant lies. */
export function nextTick(instant: Prisma.Sql): Prisma.Sql {
  const tick = Prisma.sql`${TICK_MS}::float8 * interval '1 millisecond'`;
  return Prisma.sql`(date_bin(${tick}, ${instant}, timestamptz 'epoch') + ${tick})`;
}

/** Computed by Postgres's clock, because a worker's clock may be wrong by days. */
const tickAfter = (ms: number) =>
  nextTick(Prisma.sql`now() + ${Math.max(ms - TICK_MS, 0)}::float8 * interval '1 millisecond'`);

/** An interval that is stretched by a share: at 0 it is itself, at 1 the longest, and between them by ratio. */
function stretched(ms: number, mostMs: number, share: number): number {
  return ms * Math.max(mostMs / ms, 1) ** share;
}

/** SQL of the seconds of an interval if it was stretched. */
const secondsIf = (ms: number, plainMs: number) =>
  ms > plainMs ? Prisma.sql`${Math.ceil(ms / SECOND_MS)}::int` : Prisma.sql`null::int`;

/**
 * Due time at the first tick at which an interval that began with the last tick is over. While a push channel
 * is live its interval counts, until the channel ends.
 * @param changed whether the listing has changed the calendar
 */
export function nextSync(
  { plainMs, withPushMs, mostMs, stretch }: PollSettings,
  calendarId: string,
  changed: boolean,
): NextSync {
  // The calendar's UUID is random.
  const spread = 1 - SPREAD * (Number.parseInt(calendarId.slice(0, 4), 16) / 0xffff);
  const quietMs = stretched(plainMs, mostMs, stretch.quiet);
  const busyMs = stretched(plainMs, mostMs, stretch.busy);
  const pushMs = stretched(withPushMs, mostMs, stretch.quiet);
  const isQuiet = Prisma.sql`not ${changed}::boolean and s.last_changed_at <= now() - ${QUIET_AFTER}`;
  const spreadTick = (ms: number) => tickAfter(Math.max(ms * spread, plainMs));
  return Prisma.sql`
    select case when push.until is null then plain.due
        else greatest(plain.due, least(${tickAfter(pushMs * spread)}, push.until)) end as due,
      case when push.until is null then plain.stretched else ${secondsIf(pushMs, withPushMs)} end as stretched
    from (
      select max(w.expires_at) as until from watch_channels w
      where w.calendar_id = s.calendar_id and w.status = 'live' and w.expires_at > now()
    ) push
    cross join lateral (
      select case when quiet then ${spreadTick(quietMs)} else ${spreadTick(busyMs)} end as due,
        case when quiet then ${secondsIf(quietMs, plainMs)} else ${secondsIf(busyMs, plainMs)} end as stretched
      from (select ${isQuiet} as quiet) c
    ) plain`;
}

/**
 * Due time after failures in a row, or after listings in a row without a usable sync token. The delay doubles
 * from one tick up to six hours.
 */
export function nextTickAfterFailures(times: number): Prisma.Sql {
  return tickAfter(Math.min(TICK_MS * 2 ** Math.max(times - 1, 0), LONGEST_BACKOFF_MS));
}
