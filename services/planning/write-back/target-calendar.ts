import type { Database } from '../../../prisma/client.ts';
import { FailureType } from '../../../contracts/failure-types.ts';
import { NoAccountError } from '../../errors.ts';
import { failure } from '../../failures.ts';
import type { SealedGrant } from '../../google/sealed-grant.ts';
import type { GoogleCalendar } from '../../google/google-calendar.ts';
import { GoogleCallError } from '../../google/google-failure.ts';
import {
  insertOwnCalendar,
  listOwnCalendars,
  OWN_CALENDAR_NAME,
  type OwnCalendar,
} from '../../google/own-calendars.ts';

/** Delay before a retry, because Google's list shows a new calendar only after a moment. */
const LOOK_AGAIN_AFTER_MS = 5_000;

/** A calendar for blocks, and the grant with which to write to it. */
export interface WritableCalendar {
  calendarId: string;
  googleCalendarId: string;
  grant: SealedGrant;
}

interface CalendarRow extends SealedGrant {
  calendarId: string | null;
  googleCalendarId: string | null;
  status: string;
}

function toWritable(row: CalendarRow): WritableCalendar | null {
  const { calendarId, googleCalendarId, ...grant } = row;
  if (row.status !== 'connected') {
    throw failure(
      FailureType.googleAuthRevoked,
      `Account ${row.accountId} must be connected again before blocks can be written to its calendars.`,
    );
  }
  return calendarId === null || googleCalendarId === null ? null : { calendarId, googleCalendarId, grant };
}

/** Calendar of existing blocks; null where its row is deleted. */
export async function loadCalendar(database: Database, calendarId: string): Promise<WritableCalendar | null> {
  const [row] = await database.$queryRaw<CalendarRow[]>`
    select c.id::text as "calendarId", c.google_calendar_id as "googleCalendarId", a.status,
      a.id::text as "accountId", a.key_id as "keyId", a.refresh_token as "refreshToken",
      a.access_token as "accessToken", a.access_token_expires_at as "accessTokenExpiresAt"
    from calendars c join calendar_auth_tokens a on a.id = c.account_id
    where c.id = ${calendarId}::uuid`;
  return row === undefined ? null : toWritable(row);
}

/**
 * Calendar for new blocks of a workspace: the one that its policy names, else the Almanac calendar of the
 * policy's account, else that of the account that was connected first. A missing Almanac calendar is created.
 *
 * Google accepts no ID for a new calendar, so a repeated insert would create a second one. Therefore the list
 * is read first, and Almanac's calendar is recognised by the mark in its description. If the answer to an
 * insert was lost, the next attempt waits until the list shows the calendar, and adopts it. If there are two
 * nevertheless, the one with the smaller ID is always used.
 */
export async function targetCalendar(
  database: Database,
  google: GoogleCalendar,
  signal: AbortSignal,
  workspaceId: string,
): Promise<WritableCalendar> {
  const [row] = await database.$queryRaw<(CalendarRow & { timeZone: string })[]>`
    select c.id::text as "calendarId", c.google_calendar_id as "googleCalendarId", a.status,
      a.id::text as "accountId", a.key_id as "keyId", a.refresh_token as "refreshToken",
      a.access_token as "accessToken", a.access_token_expires_at as "accessTokenExpiresAt",
      w.time_zone as "timeZone"
    from workspaces w
    left join schedule_policies p on p.workspace_id = w.id
    left join calendars named on named.id = p.target_calendar_id and named.status <> 'removed'
    join calendar_auth_tokens a on a.workspace_id = w.id
      and (named.id is null or a.id = named.account_id)
      and (named.id is not null or p.target_account_id is null or a.id = p.target_account_id)
    left join calendars c on c.account_id = a.id and c.status <> 'removed'
      and case when named.id is null then c.own else c.id = named.id end
    where w.id = ${workspaceId}
    order by a.status <> 'connected', a.created_at, a.id, c.google_calendar_id limit 1`;
  if (row === undefined) throw new NoAccountError(workspaceId);
  const { timeZone, ...calendar } = row;
  return (
    toWritable(calendar) ?? findOrCreate(database, google, signal, { workspaceId, timeZone, grant: calendar })
  );
}

interface Owner {
  workspaceId: string;
  timeZone: string;
  grant: SealedGrant;
}

async function findOrCreate(
  database: Database,
  google: GoogleCalendar,
  signal: AbortSignal,
  { workspaceId, timeZone, grant }: Owner,
): Promise<WritableCalendar> {
  const [found] = await listOwnCalendars(google, grant, signal, workspaceId);
  let own = found;
  try {
    own ??= await insertOwnCalendar(google, grant, signal, { workspaceId, timeZone });
  } catch (error) {
    if (!(error instanceof GoogleCallError) || error.failure.type !== FailureType.googleUnavailable)
      throw error;
    const { retryAfterMs = 0 } = error.failure;
    throw new GoogleCallError({
      ...error.failure,
      retryAfterMs: Math.max(retryAfterMs, LOOK_AGAIN_AFTER_MS),
    });
  }
  const calendarId = await adoptCalendar(database, workspaceId, grant.accountId, own);
  return { calendarId, googleCalendarId: own.googleCalendarId, grant };
}

/**
 * Stores an Almanac calendar, so that it is mirrored like every other. Blocks are never written to a second
 * one.
 */
export async function adoptCalendar(
  database: Database,
  workspaceId: string,
  accountId: string,
  { googleCalendarId, timeZone }: OwnCalendar,
): Promise<string> {
  const [row] = await database.$queryRaw<{ id: string }[]>`
    with adopted as (
      insert into calendars as c (workspace_id, account_id, google_calendar_id, summary, time_zone, access_role, own)
      select ${workspaceId}, ${accountId}::uuid, ${googleCalendarId}, ${OWN_CALENDAR_NAME}, ${timeZone}, 'owner',
        not exists (select from calendars where account_id = ${accountId}::uuid and own and status <> 'removed')
      on conflict (account_id, google_calendar_id) do update
      set own = c.own or excluded.own, status = 'active', updated_at = now()
      returning id
    ), state as (
      insert into calendar_sync_states as s (calendar_id, workspace_id)
      select id, ${workspaceId} from adopted
      on conflict (calendar_id) do update set next_sync_at = now() where s.next_sync_at is null
    )
    select id::text as id from adopted`;
  return row!.id;
}
