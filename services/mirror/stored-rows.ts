import { type EventRow, toEventChange } from '../../calendar/event-row.ts';
import type { GoogleEvent } from '../../calendar/google-event.ts';

/** What is read back of `calendar_events`: the item as Google sent it. */
export interface StoredEvent {
  resource: GoogleEvent;
}

/** Stored events as the expansion takes them. */
export function toStoredRows(stored: readonly StoredEvent[], timeZone: string): EventRow[] {
  return stored.flatMap(({ resource }) => {
    const change = toEventChange(resource, timeZone);
    return change.op === 'upsert' ? [change.row] : [];
  });
}
