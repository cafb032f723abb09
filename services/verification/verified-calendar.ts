import type { EventDetail } from '../../contracts/event-details.ts';
import type { Database } from '../../prisma/client.ts';
import type { SealedGrant } from '../google/sealed-grant.ts';

/** A calendar with its grant and the state of its sync. */
export interface VerifiedCalendar extends SealedGrant {
  googleCalendarId: string;
  timeZone: string;
  syncable: boolean;
  syncToken: string | null;
  /** Detail with which the token was taken. */
  detail: EventDetail;
  /** Version of the sync state: changes with every claim and every commit of a sync. */
  stamp: string;
}

/** Reads a calendar for verification; null if the workspace has no such calendar. */
export async function readVerifiedCalendar(
  database: Database,
  workspaceId: string,
  calendarId: string,
): Promise<VerifiedCalendar | null> {
  const [row] = await database.$queryRaw<VerifiedCalendar[]>`
    select c.google_calendar_id as "googleCalendarId", c.time_zone as "timeZone",
      c.enabled and c.status <> 'removed' and a.status = 'connected' as syncable,
      s.sync_token as "syncToken", s.event_detail as detail, s.xmin::text as stamp,
      a.id as "accountId", a.key_id as "keyId", a.refresh_token as "refreshToken",
      a.access_token as "accessToken", a.access_token_expires_at as "accessTokenExpiresAt"
    from calendars c
    join calendar_sync_states s on s.calendar_id = c.id
    join calendar_auth_tokens a on a.id = c.account_id
    where c.id = ${calendarId}::uuid and c.workspace_id = ${workspaceId}`;
  return row ?? null;
}
