import { toEventChange } from '../../calendar/event-row.ts';
import type { Database } from '../../prisma/client.ts';
import type { ListedPage } from '../floor/list-pages.ts';
import { toRecord } from './event-record.ts';
import { TIME_ZONE } from '../support/time-zone.ts';

const ROWS_PER_STATEMENT = 2_500;
const TIMEOUT_MS = 600_000;

/**
 * Fetches everything first, then deletes and fills a calendar in one transaction: no reader sees it empty.
 */
export async function refill(
  pages: AsyncIterable<ListedPage>,
  database: Database,
  calendarId: string,
): Promise<void> {
  const records: ReturnType<typeof toRecord>[] = [];
  for await (const { items } of pages) {
    for (const item of items) {
      const change = toEventChange(item, TIME_ZONE);
      if (change.op === 'upsert') records.push(toRecord(change.row, calendarId));
    }
  }
  await database.$transaction(
    async (transaction) => {
      await transaction.calendarEvent.deleteMany({ where: { calendarId } });
      for (let first = 0; first < records.length; first += ROWS_PER_STATEMENT)
        await transaction.calendarEvent.createMany({
          data: records.slice(first, first + ROWS_PER_STATEMENT),
        });
    },
    { timeout: TIMEOUT_MS },
  );
}
