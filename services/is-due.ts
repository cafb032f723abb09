import { Prisma } from '../prisma/generated/client.ts';

/** The schedule fires at whole quarters of an hour by Temporal's clock, which may be this much ahead of Postgres's. */
const TICK_TOLERANCE = Prisma.sql`interval '1 minute'`;
/** Longer than the longest poll interval, and than a calendar list stays good. */
const LONGEST_WAIT = Prisma.sql`interval '25 hours'`;

/**
 * Whether a due time has come, by Postgres's clock. One that lies further ahead than any that Almanac sets was computed
 * by a clock that was wrong, and counts as come.
 * @param dueTime a column, trusted
 */
export function isDue(dueTime: string): Prisma.Sql {
  const column = Prisma.raw(dueTime);
  return Prisma.sql`(${column} <= now() + ${TICK_TOLERANCE} or ${column} > now() + ${LONGEST_WAIT})`;
}
