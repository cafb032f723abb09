import { z } from 'zod';
import { readDailyForecast } from '../services/google/daily-forecast.ts';
import { calendarHealthQuery } from '../services/health/calendar-health.ts';
import { HEALTHS } from '../contracts/health.ts';
import type { PollIntervals } from '../services/mirror/next-sync.ts';
import { toJsonb } from '../services/mirror/to-jsonb.ts';
import type { Database, Transaction } from '../prisma/client.ts';

/** Statuses of push channels that Google has, or may have. */
export const CHANNEL_STATUSES = ['opening', 'live', 'stopping'] as const;

/** Measuring reads every calendar, which takes a second for tens of thousands. */
const LONGEST_MEASURING_MS = 20_000;
/** Below the 30 seconds at which workers collect, so that each round gets new numbers. */
const GOOD_FOR_MS = 25_000;
/** Advisory lock by which workers take turns: any number that no other lock uses. */
const TURN_LOCK = 7_203_382;

const numbersSchema = z.object({
  byHealth: z.partialRecord(z.enum(HEALTHS), z.number()).nullable(),
  /** Age in seconds of the last confirmed match with Google, over all calendars that are not disabled. */
  freshness: z.object({ p50: z.number(), p95: z.number(), max: z.number() }).nullable(),
  /** Calendars whose match with Google was not confirmed within the promised interval. */
  overdue: z.number(),
  /** Events that the mirror does not show because they cannot be read. */
  unreadable: z.number(),
  /** Series of which the mirror shows only the first occurrence. */
  tooCostly: z.number(),
  deadLetters: z.number(),
  /** Requests to Google of the day so far, and those expected by its end. */
  google: z.object({ requests: z.number(), forecast: z.number() }),
  /** Calendars that are polled less, to keep Google's daily budget. */
  stretched: z.number(),
  channels: z.partialRecord(z.enum(CHANNEL_STATUSES), z.number()).nullable(),
});
/** Health of all calendars, in a fixed number of figures. */
type CalendarNumbers = z.infer<typeof numbersSchema>;

/** `measuredAt` is by the database's clock. */
interface Measured {
  numbers: CalendarNumbers;
  measuredAt: Date;
}

interface MeasuredRow {
  numbers: unknown;
  measuredAt: Date;
  isOld: boolean;
}

/**
 * Returns the latest numbers. One worker measures them every half minute, and all others read its result.
 * Null if nothing has been measured yet and another worker is measuring.
 */
export async function readCalendarNumbers(sources: {
  database: Database;
  poll: PollIntervals;
}): Promise<Measured | null> {
  const known = await readLast(sources.database);
  if (known !== null && !known.isOld) return known;
  return (await measureInTurn(sources)) ?? known;
}

async function readLast(database: Database | Transaction): Promise<(Measured & { isOld: boolean }) | null> {
  const [row] = await database.$queryRaw<MeasuredRow[]>`
    select numbers, measured_at as "measuredAt",
      measured_at < now() - ${GOOD_FOR_MS}::float8 * interval '1 millisecond' as "isOld"
    from calendar_numbers`;
  const parsed = numbersSchema.safeParse(row?.numbers);
  // Numbers of a worker of another version are measured again.
  return row && parsed.success ? { ...row, numbers: parsed.data } : null;
}

/** Null if another worker is measuring. */
async function measureInTurn({
  database,
  poll,
}: {
  database: Database;
  poll: PollIntervals;
}): Promise<Measured | null> {
  return database.$transaction(
    async (transaction) => {
      const [turn] = await transaction.$queryRaw<{ mine: boolean }[]>`
        select pg_try_advisory_xact_lock(${TURN_LOCK}::bigint) as mine`;
      if (!turn?.mine) return null;
      const known = await readLast(transaction);
      if (known !== null && !known.isOld) return known;
      const numbers = await measure(transaction, poll);
      const [stored] = await transaction.$queryRaw<{ measuredAt: Date }[]>`
        insert into calendar_numbers (measured_at, numbers) values (now(), ${toJsonb(numbers)}::jsonb)
        on conflict (id) do update set measured_at = excluded.measured_at, numbers = excluded.numbers
        returning measured_at as "measuredAt"`;
      return stored ? { numbers, measuredAt: stored.measuredAt } : null;
    },
    { timeout: LONGEST_MEASURING_MS },
  );
}

async function measure(transaction: Transaction, poll: PollIntervals): Promise<CalendarNumbers> {
  const { requests, forecast } = await readDailyForecast(transaction);
  const [numbers] = await transaction.$queryRaw<Omit<CalendarNumbers, 'google'>[]>`
    with calendar_health as (${calendarHealthQuery(null, poll, null)})
    select
      (select jsonb_object_agg(health, count) from (
        select health, count(*) from calendar_health group by health) counts) as "byHealth",
      (select jsonb_build_object('p50', percentile_cont(0.5) within group (order by "freshnessSeconds"),
          'p95', percentile_cont(0.95) within group (order by "freshnessSeconds"), 'max', max("freshnessSeconds"))
        from calendar_health where health <> 'disabled' having count("freshnessSeconds") > 0) as freshness,
      (select count(*)::int from calendar_health
        where health not in ('disabled', 'pending') and ("freshnessSeconds" is null or "freshnessSeconds" > "promisedSeconds")) as overdue,
      (select coalesce(sum(unreadable), 0)::int from calendar_health where health <> 'disabled') as unreadable,
      (select coalesce(sum("tooCostly"), 0)::int from calendar_health where health <> 'disabled') as "tooCostly",
      (select count(*)::int from dead_letters where status = 'open') as "deadLetters",
      (select count(*)::int from calendar_sync_states
        where stretched_seconds is not null and next_sync_at is not null) as stretched,
      (select jsonb_object_agg(status, count) from (
        select status, count(*) from watch_channels
        where status <> 'stopped' and (expires_at is null or expires_at > now()) group by status) counts) as channels`;
  if (numbers === undefined) throw new Error('The aggregate query returned no row.');
  return { ...numbers, google: { requests, forecast } };
}
