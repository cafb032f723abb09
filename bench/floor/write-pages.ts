import { type EventRow, toEventChange } from '../../calendar/event-row.ts';
import type { GoogleEvent } from '../../calendar/google-event.ts';
import type { Database } from '../../prisma/client.ts';
import type { FloorInput, FloorVariant } from './floor.ts';
import { writeChanges, writeEvents, writeOccurrences } from './floor-writes.ts';
import type { ListedPage } from './list-pages.ts';
import { TIME_ZONE } from '../support/time-zone.ts';

function toRows(items: readonly GoogleEvent[]): EventRow[] {
  return items.flatMap((item) => {
    const change = toEventChange(item, TIME_ZONE);
    return change.op === 'upsert' ? [change.row] : [];
  });
}

/**
 * Writes pages as they come: one statement each for the events, and for everything else where that is wanted.
 */
export async function writePages(
  pages: AsyncIterable<ListedPage>,
  database: Database,
  target: FloorInput['target'],
  variant: FloorVariant,
): Promise<{ requests: number; syncToken: string | null }> {
  let requests = 0;
  let token: string | null = null;
  const recurring: EventRow[] = [];
  for await (const { items, syncToken } of pages) {
    requests += 1;
    token = syncToken;
    const rows = toRows(items);
    if (rows.length === 0) continue;
    if (variant === 'events') {
      await writeEvents(database, target, rows);
      continue;
    }
    await database.$transaction(async (transaction) => {
      await writeEvents(transaction, target, rows);
      await writeChanges(transaction, target, rows);
      await writeOccurrences(
        transaction,
        target,
        rows.filter((row) => row.kind === 'single'),
      );
    });
    // An exception may come pages after its series: all wait in memory for the end.
    recurring.push(...rows.filter((row) => row.kind !== 'single'));
  }
  if (variant === 'everything') await writeOccurrences(database, target, recurring);
  return { requests, syncToken: token };
}
