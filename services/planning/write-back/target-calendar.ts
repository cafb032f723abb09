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

/** Google's list of calendars shows a new one after a moment: to look again sooner would miss it. */
const LOOK_AGAIN_AFTER_MS = 5_000;

/** A calendar that blocks are written to, and whom to call as. */
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
      `Account ${row.accountId} has to be connected again before anything can be written to its calendars.`,
    );
  }
  return calendarId === null || googleCalendarId === null ? null : { calendarId, googleCalendarId, grant };
}

/** A calendar that holds blocks already. Null where its row is gone. */
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
 * The calendar that new blocks of a workspace go to: the one its policy names, else the own calendar of the policy's
 * account, else that of the account that was connected first. An own calendar is made when it is not there yet.
 *
 * Google takes no ID from us for a calendar, so a repeated insert would make a second one. Therefore: look first, and
 * know ours by the mark in its description. Where the answer to an insert was lost, the next attempt waits until the
 * list shows it, and adopts it. Should there be two all the same, the one with the smaller ID is always taken.
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

/** Gives an own calendar its row, so that it is mirrored like every other. A second one is not written to. */
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
