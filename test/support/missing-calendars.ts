import type { Database } from '../../prisma/client.ts';

const TWO_HOURS_MS = 2 * 3_600_000;

/** Marks missing calendars as missing in two lists hours ago, so that the next list removes them. */
export async function ageMissingCalendars(database: Database, accountId: string): Promise<void> {
  await database.calendar.updateMany({
    where: { accountId, missingSince: { not: null } },
    data: { missingLooks: 2, missingSince: new Date(Date.now() - TWO_HOURS_MS) },
  });
}
