import type { Horizon } from '../../calendar/expand.ts';
import { Prisma } from '../../prisma/generated/client.ts';

const DAYS_BACK = 90;
const DAYS_AHEAD = 400;

/** Half-open span of the occurrences in the read model. */
export interface HorizonSpan {
  from: Date;
  to: Date;
}

const daysFromToday = (days: number) => Prisma.sql`
  ((date_trunc('day', now() at time zone 'UTC') + ${days}::int * interval '1 day') at time zone 'UTC')`;

/** Edges of today's horizon by Postgres's clock. They are whole UTC days, so the horizon moves once a day. */
export const HORIZON_FROM = daysFromToday(-DAYS_BACK);
export const HORIZON_TO = daysFromToday(DAYS_AHEAD);

/**
 * Whether the span of a sync state `s` differs from today's. Before the daily roll it is yesterday's. Null
 * where the calendar has never been synced.
 */
export const HORIZON_IS_OFF = Prisma.sql`(s.horizon_from <> ${HORIZON_FROM} or s.horizon_to <> ${HORIZON_TO})`;

/**
 * As {@link HORIZON_IS_OFF}, except that yesterday's span is accepted, because the daily roll may still be
 * due.
 */
export const HORIZON_IS_WRONG = Prisma.sql`
  ((s.horizon_from, s.horizon_to) not in (
    (${HORIZON_FROM}, ${HORIZON_TO}), (${daysFromToday(-DAYS_BACK - 1)}, ${daysFromToday(DAYS_AHEAD - 1)})))`;

/** Converts a span to the form that the expansion takes. */
export function toHorizon({ from, to }: HorizonSpan): Horizon {
  return { from: from.toISOString(), to: to.toISOString() };
}
