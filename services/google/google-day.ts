import { Prisma } from '../../prisma/generated/client.ts';

/** Google's quotas begin anew at midnight in this zone, so its days may have 23 or 25 hours. */
const ZONE = Prisma.sql`'America/Los_Angeles'`;

/** SQL of Google's present day, a date. */
export const GOOGLE_DAY = Prisma.sql`(now() at time zone ${ZONE})::date`;

/** SQL of the instant at which a day of Google begins. */
export function startOfGoogleDay(day: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`((${day})::timestamp at time zone ${ZONE})`;
}
