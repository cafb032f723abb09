import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { RefreshCalendarListInput, RefreshCalendarListResult } from '../contracts/activities.ts';
import { DeadLetterOperation } from '../contracts/dead-letters.ts';
import type { Transaction } from '../prisma/client.ts';
import { resolveAccountLetters, resolveCalendarLetters } from './dead-letters/resolve-letters.ts';
import { closeSharedLetters } from './dead-letters/shared-trouble.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { GoogleCallError } from './google/google-failure.ts';
import { listCalendars, type ListedCalendar } from './google/list-calendars.ts';
import { toActivityFailure } from './google/to-activity-failure.ts';
import { type AppliedChange, appendChanges } from './change-log/append-changes.ts';
import { deleteEvents } from './mirror/delete-events.ts';
import { toJsonb } from './mirror/to-jsonb.ts';
import { wantsChannel } from './push/wants-channel.ts';

/** Inserts and updates the listed calendars; returns those that have never been synced, or have come back. */
async function upsertCalendars(
  transaction: Transaction,
  { workspaceId, accountId }: RefreshCalendarListInput,
  calendars: readonly ListedCalendar[],
): Promise<string[]> {
  const rows = await transaction.$queryRaw<{ calendarId: string }[]>`
    with listed as (
      select * from jsonb_to_recordset(${toJsonb(calendars)}::jsonb) as r(
        "googleCalendarId" text, summary text, "timeZone" text, "accessRole" text, "isPrimary" boolean)
    ), upserted as (
      insert into calendars as c (workspace_id, account_id, google_calendar_id, summary, time_zone, access_role, is_primary)
      select ${workspaceId}, ${accountId}::uuid, "googleCalendarId", summary, "timeZone", "accessRole", "isPrimary"
      from listed
      on conflict (account_id, google_calendar_id) do update
      set summary = excluded.summary, time_zone = excluded.time_zone, access_role = excluded.access_role,
        is_primary = excluded.is_primary, status = 'active', updated_at = now()
      returning id, enabled
    ), other_roles as (
      -- What an account sees of an event depends on its role, and a change of the role is no change of an event.
      select c.id from calendars c join listed on listed."googleCalendarId" = c.google_calendar_id
      where c.account_id = ${accountId}::uuid and c.access_role <> listed."accessRole"
    ), states as (
      insert into calendar_sync_states as s (calendar_id, workspace_id)
      select id, ${workspaceId} from upserted
      on conflict (calendar_id) do update
      set next_sync_at = case when (select enabled from upserted u where u.id = s.calendar_id) then now() end,
        sync_token = case when s.calendar_id not in (select id from other_roles) then s.sync_token end
      where s.calendar_id in (select id from other_roles)
        or s.next_sync_at is null and (select enabled from upserted u where u.id = s.calendar_id)
      returning calendar_id
    )
    select u.id::text as "calendarId" from upserted u join states s on s.calendar_id = u.id where u.enabled
    order by u.id`;
  return rows.map(({ calendarId }) => calendarId);
}

/** A calendar that left the list is gone from this account: its rows go with it, its ID stays for its return. */
async function removeUnlisted(
  transaction: Transaction,
  { accountId }: RefreshCalendarListInput,
  listed: readonly string[],
): Promise<{ removedCalendarIds: string[]; changes: AppliedChange[] }> {
  // A page commit that is under way comes first: a statement that waits for it does not see the rows it writes.
  await transaction.$queryRaw`
    select s.calendar_id from calendar_sync_states s join calendars c on c.id = s.calendar_id
    where c.account_id = ${accountId}::uuid and c.status <> 'removed'
      and c.google_calendar_id <> all(${listed}::text[])
    order by s.calendar_id for update of s`;
  const removed = await transaction.$queryRaw<{ calendarId: string }[]>`
    with removed as (
      update calendars set status = 'removed', updated_at = now()
      where account_id = ${accountId}::uuid and status <> 'removed'
        and google_calendar_id <> all(${listed}::text[])
      returning id
    ), states as (
      update calendar_sync_states s
      set sync_token = null, next_sync_at = null, failures = 0, last_error = null, last_error_at = null,
        fence_run_id = null
      from removed where s.calendar_id = removed.id
    ), occurrences as (
      delete from workspace_calendar_events o using removed where o.calendar_id = removed.id
    )
    select id::text as "calendarId" from removed order by id`;
  const removedCalendarIds = removed.map(({ calendarId }) => calendarId);
  const changes = await deleteEvents(transaction, removedCalendarIds);
  return { removedCalendarIds, changes };
}

/** Whether a calendar of the account is to have a push channel that it has not. */
async function hasWithoutChannel(
  transaction: Transaction,
  accountId: string,
  address: string | null,
  at: Date,
): Promise<boolean> {
  if (address === null) return false;
  const [row] = await transaction.$queryRaw<{ wants: boolean }[]>`
    select exists (
      select from calendars c where c.account_id = ${accountId}::uuid and ${wantsChannel(address, at)}) as wants`;
  return row?.wants === true;
}

/**
 * Lists an account's calendars and settles which there are. Always the whole list: its sync token leaves out
 * changes of the time zone and of the access role.
 */
export function createRefreshCalendarList({ database, google, push, now }: ActivityDependencies) {
  return async function refreshCalendarList(
    input: RefreshCalendarListInput,
  ): Promise<RefreshCalendarListResult> {
    const { workspaceId, accountId } = input;
    const account = await database.calendarAuthToken.findFirst({
      where: { id: accountId, workspaceId, status: 'connected' },
    });
    if (account === null) return { newCalendarIds: [], removedCalendarIds: [] };

    let calendars: ListedCalendar[];
    try {
      calendars = await listCalendars(google, { ...account, accountId }, cancellationSignal());
    } catch (error) {
      if (!(error instanceof GoogleCallError)) throw error;
      throw toActivityFailure(error.failure, activityInfo().attempt, account);
    }
    const at = await now();
    return database.$transaction(async (transaction) => {
      // Two refreshes of one account would each remove what the other has just found.
      const [held] = await transaction.$queryRaw<{ status: string }[]>`
        select status from calendar_auth_tokens where id = ${accountId}::uuid for update`;
      // Its consent was revoked while Google was answering: nothing of it may come due.
      if (held?.status !== 'connected') return { newCalendarIds: [], removedCalendarIds: [] };
      const newCalendarIds = await upsertCalendars(transaction, input, calendars);
      const { removedCalendarIds, changes } = await removeUnlisted(
        transaction,
        input,
        calendars.map(({ googleCalendarId }) => googleCalendarId),
      );
      await transaction.$executeRaw`
        update calendar_auth_tokens
        set calendar_list_synced_at = now(), calendar_list_due_at = now() + interval '24 hours', last_error = null,
          updated_at = now()
        where id = ${accountId}::uuid`;
      await resolveCalendarLetters(transaction, removedCalendarIds);
      await resolveAccountLetters(transaction, accountId, [
        DeadLetterOperation.calendarList,
        DeadLetterOperation.consent,
      ]);
      await transaction.$executeRaw(closeSharedLetters(null));
      await appendChanges(transaction, input, changes);
      const wantsChannels = await hasWithoutChannel(transaction, accountId, push.address, at);
      return { newCalendarIds, removedCalendarIds, ...(wantsChannels && { wantsChannels }) };
    });
  };
}
