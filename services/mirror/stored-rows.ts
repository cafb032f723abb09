import { type EventRow, toEventChange } from '../../calendar/event-row.ts';
import type { GoogleEvent } from '../../calendar/google-event.ts';

/** A row of `calendar_events` as it is read back: the item as Google sent it. */
export interface StoredEvent {
  resource: GoogleEvent;
}

/** Converts stored events to the rows that the expansion takes. */
export function toStoredRows(stored: readonly StoredEvent[], timeZone: string): EventRow[] {
  return stored.flatMap(({ resource }) => {
    const change = toEventChange(resource, timeZone);
    return change.op === 'upsert' ? [change.row] : [];
  });
}
