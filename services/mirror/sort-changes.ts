import { type EventRow, toEventChange } from '../../calendar/event-row.ts';
import type { GoogleEventsPage } from '../../calendar/google-event.ts';

/** A page's items by what they mean for the mirror. */
export interface SortedChanges {
  upserts: EventRow[];
  deletes: string[];
  /** Everything that an item of the page has cancelled, also where a later item brings it back. */
  cancelled: string[];
  /** IDs of items that cannot be read: the mirror keeps what it has of them. An item without an ID has an empty one. */
  unreadable: string[];
}

/**
 * Sorts a page's items. Of an ID that is named twice the last readable item counts. A deleted series takes no
 * exception of the page along: what the page itself confirms is there, as it is when it comes on another page.
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
