import type { Database } from '../../prisma/client.ts';

const TWO_HOURS_MS = 2 * 3_600_000;

/** Makes what a calendar list lacked look as if two lists had lacked it before, hours ago: the next one removes it. */
export async function ageMissingCalendars(database: Database, accountId: string): Promise<void> {
  await database.calendar.updateMany({
    where: { accountId, missingSince: { not: null } },
    data: { missingLooks: 2, missingSince: new Date(Date.now() - TWO_HOURS_MS) },
  });
}
