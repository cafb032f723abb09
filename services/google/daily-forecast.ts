import type { Database } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { GOOGLE_DAY, startOfGoogleDay } from './google-day.ts';

/** Requests to Google of the whole project; Google bills those above a million a day. */
export interface DailyForecast {
  /** Google's day, `YYYY-MM-DD`. */
  day: string;
  /** Requests so far. */
  requests: number;
  /** Requests by the end of the day, at the present rate. */
  forecast: number;
}

/** Age of a day from which its own rate counts alone. */
const SETTLED_AFTER_SECONDS = 6 * 3_600;

/**
 * Forecast of the project's requests. The rest of the day is expected to go on at today's average rate. In
 * the first six hours, yesterday's average counts for as much as is missing of them: a day's first minutes
 * say little.
 */
export async function readDailyForecast(database: Pick<Database, '$queryRaw'>): Promise<DailyForecast> {
  const [row] = await database.$queryRaw<DailyForecast[]>`
    select span.day::text, made.today::int as requests,
      round(made.today + (span.length - span.elapsed) * (
        made.today / greatest(span.elapsed, ${SETTLED_AFTER_SECONDS}::float8)
        + greatest(1 - span.elapsed / ${SETTLED_AFTER_SECONDS}::float8, 0) * made.yesterday / span.length_yesterday
      ))::float8 as forecast
    from (select ${GOOGLE_DAY} as day) present
    cross join lateral (select day,
      extract(epoch from now() - ${startOfGoogleDay(Prisma.sql`day`)})::float8 as elapsed,
      extract(epoch from ${startOfGoogleDay(Prisma.sql`day + 1`)} - ${startOfGoogleDay(Prisma.sql`day`)})::float8 as length,
      extract(epoch from ${startOfGoogleDay(Prisma.sql`day`)} - ${startOfGoogleDay(Prisma.sql`day - 1`)})::float8 as length_yesterday
    ) span
    cross join lateral (select
      coalesce((select requests from google_request_days d where d.day = span.day), 0)::float8 as today,
      coalesce((select requests from google_request_days d where d.day = span.day - 1), 0)::float8 as yesterday
    ) made`;
  if (row === undefined) throw new Error('The forecast has a row.');
  return row;
}
