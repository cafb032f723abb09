import type { EventDetail } from '../../contracts/event-details.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import type { Database } from '../../prisma/client.ts';
import { failure } from '../failures.ts';
import type { SealedGrant } from '../google/sealed-grant.ts';

/** A calendar to write to, and the grant with which to reach it. */
export interface WritableCalendar {
  calendarId: string;
  googleCalendarId: string;
  timeZone: string;
  /** What the mirror keeps of its events. */
  detail: EventDetail;
  grant: SealedGrant;
}

interface Row extends Omit<WritableCalendar, 'grant'>, SealedGrant {
  isConnected: boolean;
}

/**
 * The calendar as it is now. Null: it was removed.
 * @throws ApplicationFailure when its account has to be connected again.
 */
export async function findWritable(database: Database, calendarId: string): Promise<WritableCalendar | null> {
  const [row] = await database.$queryRaw<Row[]>`
    select c.id::text as "calendarId", c.google_calendar_id as "googleCalendarId", c.time_zone as "timeZone",
      s.event_detail as detail, a.status = 'connected' as "isConnected",
      a.id::text as "accountId", a.key_id as "keyId", a.refresh_token as "refreshToken",
      a.access_token as "accessToken", a.access_token_expires_at as "accessTokenExpiresAt"
    from calendars c
    join calendar_sync_states s on s.calendar_id = c.id
    join calendar_auth_tokens a on a.id = c.account_id
    where c.id = ${calendarId}::uuid and c.status <> 'removed'`;
  if (row === undefined) return null;
  const { googleCalendarId, timeZone, detail, isConnected, calendarId: id, ...grant } = row;
  if (!isConnected)
    throw failure(FailureType.googleAuthRevoked, `Account ${grant.accountId} must be connected again.`);
  return { calendarId: id, googleCalendarId, timeZone, detail, grant };
}
