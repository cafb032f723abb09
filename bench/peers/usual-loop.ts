import { toEventChange } from '../../calendar/event-row.ts';
import type { Database } from '../../prisma/client.ts';
import type { ListedPage } from '../floor/list-pages.ts';
import { toRecord } from './event-record.ts';
import { TIME_ZONE } from '../support/time-zone.ts';

/** The loop that most integrations begin with: an upsert for each event, the sync token at the end. */
export async function writeOneByOne(
  pages: AsyncIterable<ListedPage>,
  database: Database,
  calendarId: string,
): Promise<string | null> {
  let token: string | null = null;
  for await (const { items, syncToken } of pages) {
    token = syncToken;
    for (const item of items) {
      const change = toEventChange(item, TIME_ZONE);
      const { googleEventId } = change.op === 'upsert' ? change.row : change;
      if (change.op === 'delete') {
        await database.calendarEvent.deleteMany({ where: { calendarId, googleEventId } });
      } else if (change.op === 'upsert') {
        const record = toRecord(change.row, calendarId);
        await database.calendarEvent.upsert({
          where: { calendarId_googleEventId: { calendarId, googleEventId } },
          create: record,
          update: record,
        });
      }
    }
  }
  return token;
}
