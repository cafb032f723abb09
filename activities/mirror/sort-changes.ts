import { type EventRow, toEventChange } from '../../calendar/event-row.ts';
import type { GoogleEventsPage } from '../../calendar/google-event.ts';

/** A page's items by what they mean for the mirror; of an ID that is named twice the last one counts. */
export function sortChanges(
  page: GoogleEventsPage,
  timeZone: string,
): { upserts: EventRow[]; deletes: string[] } {
  const upserts = new Map<string, EventRow>();
  const deletes = new Set<string>();
  for (const item of page.items) {
    const change = toEventChange(item, timeZone);
    if (change.op === 'upsert') {
      deletes.delete(change.row.googleEventId);
      upserts.set(change.row.googleEventId, change.row);
    } else if (change.googleEventId !== '') {
      // What cannot be shown is not kept either.
      upserts.delete(change.googleEventId);
      deletes.add(change.googleEventId);
    }
  }
  // A series that goes takes its exceptions along, wherever on the page they stand.
  for (const [id, row] of upserts) {
    if (row.seriesId !== null && deletes.has(row.seriesId)) {
      upserts.delete(id);
      deletes.add(id);
    }
  }
  return { upserts: [...upserts.values()], deletes: [...deletes] };
}
