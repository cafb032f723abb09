import { type EventRow, toEventChange } from '../../calendar/event-row.ts';
import type { GoogleEventsPage } from '../../calendar/google-event.ts';

/** A page's items, sorted by their effect on the mirror. */
export interface SortedChanges {
  upserts: EventRow[];
  deletes: string[];
  /** IDs that an item of the page has cancelled, even if a later item brings them back. */
  cancelled: string[];
  /** IDs of unreadable items, whose stored rows stay as they are. An item without an ID has an empty one. */
  unreadable: string[];
}

/**
 * Sorts a page's items. Where an ID is named twice, the last readable item counts. A deleted series does not
 * delete the exceptions that the page itself lists; they would also be kept if they came on another page.
 */
export function sortChanges(page: GoogleEventsPage, timeZone: string): SortedChanges {
  const upserts = new Map<string, EventRow>();
  const deletes = new Set<string>();
  const cancelled = new Set<string>();
  const unreadable = new Set<string>();
  for (const item of page.items) {
    const change = toEventChange(item, timeZone);
    if (change.op === 'skip') {
      unreadable.add(change.googleEventId);
      continue;
    }
    const id = change.op === 'upsert' ? change.row.googleEventId : change.googleEventId;
    unreadable.delete(id);
    upserts.delete(id);
    deletes.delete(id);
    if (change.op === 'upsert') upserts.set(id, change.row);
    else {
      deletes.add(id);
      cancelled.add(id);
    }
  }
  return {
    upserts: [...upserts.values()],
    deletes: [...deletes],
    cancelled: [...cancelled],
    unreadable: [...unreadable],
  };
}
