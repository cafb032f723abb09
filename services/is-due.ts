import { Prisma } from '../prisma/generated/client.ts';

/** Tolerance for Temporal's clock, by which the schedule fires: it may be this far ahead of Postgres's. */
const TICK_TOLERANCE = Prisma.sql`interval '1 minute'`;
/** Longer than the longest poll interval, and longer than a calendar list stays fresh. */
const LONGEST_WAIT = Prisma.sql`interval '25 hours'`;

/**
 * Whether a due time has come, by Postgres's clock. A time further ahead than Almanac ever sets was computed
 * by a wrong clock, and counts as due.
 * @param dueTime name of a column; not escaped
 */
export function isDue(dueTime: string): Prisma.Sql {
  const column = Prisma.raw(dueTime);
  return Prisma.sql`(${column} <= now() + ${TICK_TOLERANCE} or ${column} > now() + ${LONGEST_WAIT})`;
}
