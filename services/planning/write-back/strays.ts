import type { Database } from '../../../prisma/client.ts';
import type { OwnEvents } from '../../google/own-events.ts';
import { isOwnEvent, OUR_APP } from './own-event-id.ts';
import { loadCalendar } from './target-calendar.ts';
import { readOwnEvent } from './write-block.ts';

interface Marked {
  calendarId: string;
  googleEventId: string;
  etag: string | null;
  properties: Record<string, string>;
}

/**
 * Deletes events that Almanac wrote and that belong to no block any more, such as the late arrival of an
 * abandoned insert. A person's copy of a block has another ID and stays, and so does an event that a person
 * made a meeting.
 */
export async function removeStrays(
  database: Database,
  events: OwnEvents,
  workspaceId: string,
  syncedCalendarIds: readonly string[],
): Promise<void> {
  const marked = await database.$queryRaw<Marked[]>`
    select e.calendar_id::text as "calendarId", e.google_event_id as "googleEventId", e.etag,
      e.resource -> 'extendedProperties' -> 'private' as properties
    from calendar_events e
    where e.calendar_id = any(${syncedCalendarIds}::uuid[]) and e.kind = 'single'
      and e.calendar_id in (select calendar_id from scheduled_blocks where workspace_id = ${workspaceId})
      and e.resource -> 'extendedProperties' -> 'private' ->> 'app' = ${OUR_APP}
      and not exists (
        select from scheduled_blocks b
        where b.calendar_id = e.calendar_id and b.google_event_id = e.google_event_id
          and b.status in ('writing', 'written', 'released', 'declined'))`;
  for (const { calendarId, googleEventId, properties } of marked) {
    if (!isOwnEvent(googleEventId, properties)) continue;
    const calendar = await loadCalendar(database, calendarId);
    if (calendar === null) continue;
    const address = { ...calendar, googleEventId };
    const found = await readOwnEvent(events, address);
    if (found !== null && !found.isMeeting) await events.delete(address, found.etag);
  }
}
