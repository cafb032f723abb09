import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { RefreshCalendarListInput, RefreshCalendarListResult } from '../contracts/sync-activities.ts';
import { DeadLetterOperation } from '../contracts/dead-letters.ts';
import { FailureType } from '../contracts/failure-types.ts';
import type { Transaction } from '../prisma/client.ts';
import { openDeadLetter } from '../services/dead-letters/open-dead-letter.ts';
import {
  resolveAccountDeadLetters,
  resolveCalendarDeadLetters,
} from '../services/dead-letters/resolve-dead-letters.ts';
import { closeSharedDeadLetters } from '../services/dead-letters/shared-failures.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { GoogleCallError } from '../services/google/google-failure.ts';
import {
  type CalendarListing,
  listCalendars,
  type ListedCalendar,
} from '../services/google/list-calendars.ts';
import { toActivityFailure } from '../services/google/to-activity-failure.ts';
import { type AppliedChange, appendChanges } from '../services/change-log/append-changes.ts';
import { applyBusyRule, holdBusyRule } from '../services/mirror/busy-rule.ts';
import { deleteEvents } from '../services/mirror/delete-events.ts';
import { toJsonb } from '../services/mirror/to-jsonb.ts';
import { wantsChannel } from '../services/push/channel-conditions.ts';
import { DAY_MS } from '../contracts/durations.ts';

/** Delay before a list that lacked a calendar, or was incomplete, is read again. */
const LOOK_AGAIN_AFTER_MS = 5 * 60_000;
/** Lists in a row that must lack a calendar, over at least `LASTING_MS`, before it counts as deleted. */
const LOOKS_BEFORE_REMOVAL = 3;
/** Absence that is too long for a passing fault. */
const LASTING_MS = 60 * 60_000;

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
        is_primary = excluded.is_primary, status = 'active', missing_since = null, missing_looks = 0,
        updated_at = now()
      returning id, enabled
    ), other_roles as (
      -- An account's role decides what it sees of events, and Google reports no event change when it changes.
      select c.id from calendars c join listed on listed."googleCalendarId" = c.google_calendar_id
      where c.account_id = ${accountId}::uuid and c.access_role <> listed."accessRole"
    ), other_zones as (
      -- The same holds for the calendar's zone, which applies to times without their own zone.
      select c.id, c.time_zone from calendars c join listed on listed."googleCalendarId" = c.google_calendar_id
      where c.account_id = ${accountId}::uuid and c.time_zone <> listed."timeZone"
    ), states as (
      insert into calendar_sync_states as s (calendar_id, workspace_id)
      select id, ${workspaceId} from upserted
      on conflict (calendar_id) do update
      set next_sync_at = case when (select enabled from upserted u where u.id = s.calendar_id) then now() end,
        -- Cancellations that hid no occurrence were dropped, but may hide one in the new zone: list in full.
        sync_token = case when s.calendar_id not in (select id from other_roles union select id from other_zones)
          then s.sync_token end,
        stale_time_zone = coalesce(s.stale_time_zone,
          (select time_zone from other_zones z where z.id = s.calendar_id))
      where s.calendar_id in (select id from other_roles union select id from other_zones)
        or s.next_sync_at is null and (select enabled from upserted u where u.id = s.calendar_id)
      returning calendar_id
    )
    select u.id::text as "calendarId" from upserted u join states s on s.calendar_id = u.id where u.enabled
    order by u.id`;
  return rows.map(({ calendarId }) => calendarId);
}

/** Calendars whose role or primary flag the list has changed, so that their events may count differently. */
async function withOtherOwner(
  transaction: Transaction,
  accountId: string,
  calendars: readonly ListedCalendar[],
): Promise<string[]> {
  const rows = await transaction.$queryRaw<{ id: string }[]>`
    select c.id::text as id from calendars c
    join jsonb_to_recordset(${toJsonb(calendars)}::jsonb) as r(
      "googleCalendarId" text, "accessRole" text, "isPrimary" boolean) on r."googleCalendarId" = c.google_calendar_id
    where c.account_id = ${accountId}::uuid and (c.access_role, c.is_primary) <> (r."accessRole", r."isPrimary")`;
  return rows.map(({ id }) => id);
}

/**
 * Records which calendars a list lacks, and returns the Google IDs of those that are gone. One list that
 * lacks a calendar does not prove a deletion: Google must report it as deleted, or have answered 404 or 403
 * for its events, or several lists over an hour must lack it. An incomplete list proves nothing. Times are
 * Postgres's.
 */
async function findGone(
  transaction: Transaction,
  { accountId }: RefreshCalendarListInput,
  { calendars, off, isWhole }: CalendarListing,
): Promise<{ gone: string[]; missing: number }> {
  const listed = calendars.map(({ googleCalendarId }) => googleCalendarId);
  const rows = await transaction.$queryRaw<{ googleCalendarId: string; gone: boolean }[]>`
    update calendars
    set missing_since = case when missing_since <= now() then missing_since else now() end,
      missing_looks = missing_looks + case when ${isWhole}::boolean then 1 else 0 end
    where account_id = ${accountId}::uuid and status <> 'removed' and google_calendar_id <> all(${listed}::text[])
    returning google_calendar_id as "googleCalendarId",
      google_calendar_id = any(${off}::text[]) and (${isWhole}::boolean or not is_primary)
      or not is_primary and ${isWhole}::boolean and (status = 'inaccessible'
        or missing_looks >= ${LOOKS_BEFORE_REMOVAL}::int
          and missing_since <= now() - ${LASTING_MS}::int * interval '1 millisecond') as gone`;
  const gone = rows.filter((row) => row.gone).map(({ googleCalendarId }) => googleCalendarId);
  return { gone, missing: rows.length - gone.length };
}

/** Removes the rows of calendars that are gone. Their IDs stay, in case they return. */
async function removeGone(
  transaction: Transaction,
  { accountId }: RefreshCalendarListInput,
  gone: readonly string[],
): Promise<{ removedCalendarIds: string[]; changes: AppliedChange[] }> {
  if (gone.length === 0) return { removedCalendarIds: [], changes: [] };
  // Waits for a running page commit: a statement that had begun before it would not see the rows it writes.
  await transaction.$queryRaw`
    select s.calendar_id from calendar_sync_states s join calendars c on c.id = s.calendar_id
    where c.account_id = ${accountId}::uuid and c.status <> 'removed'
      and c.google_calendar_id = any(${gone}::text[])
    order by s.calendar_id for update of s`;
  const removed = await transaction.$queryRaw<{ calendarId: string }[]>`
    with removed as (
      update calendars set status = 'removed', missing_since = null, missing_looks = 0, updated_at = now()
      where account_id = ${accountId}::uuid and status <> 'removed'
        and google_calendar_id = any(${gone}::text[])
      returning id
    ), states as (
      update calendar_sync_states s
      set sync_token = null, next_sync_at = null, failures = 0, last_error = null, last_error_at = null,
        fence_run_id = null, stale_time_zone = null, unreadable_ids = '{}'
      from removed where s.calendar_id = removed.id
    ), occurrences as (
      delete from workspace_calendar_events o using removed where o.calendar_id = removed.id
    )
    select id::text as "calendarId" from removed order by id`;
  const removedCalendarIds = removed.map(({ calendarId }) => calendarId);
  const changes = await deleteEvents(transaction, removedCalendarIds);
  return { removedCalendarIds, changes };
}

/** Records whether the list was complete. Returns since when it is incomplete, if that lasts. */
async function noteWholeness(
  transaction: Transaction,
  accountId: string,
  { isWhole }: CalendarListing,
): Promise<Date | null> {
  const [row] = await transaction.$queryRaw<{ since: Date | null; lasts: boolean | null }[]>`
    update calendar_auth_tokens a
    set calendar_list_incomplete_since = case
      when ${isWhole}::boolean then null
      when a.calendar_list_incomplete_since <= now() then a.calendar_list_incomplete_since
      else now() end
    where a.id = ${accountId}::uuid
    returning a.calendar_list_incomplete_since as since, a.calendar_list_incomplete_since
      <= now() - ${LASTING_MS}::int * interval '1 millisecond' as lasts`;
  return row?.lasts === true ? row.since : null;
}

/** Resolves the account's dead letters about its list, or opens one for a list that stays incomplete. */
async function settleDeadLetters(
  transaction: Transaction,
  { workspaceId, accountId, correlationId }: RefreshCalendarListInput,
  incompleteSince: Date | null,
  failedAt: Date,
): Promise<void> {
  const failureType = FailureType.googleListIncomplete;
  await resolveAccountDeadLetters(
    transaction,
    accountId,
    [DeadLetterOperation.calendarList, DeadLetterOperation.consent],
    incompleteSince === null ? undefined : failureType,
  );
  if (incompleteSince === null) return;
  const { workflowExecution } = activityInfo();
  await openDeadLetter(transaction, {
    workspaceId,
    subject: { accountId },
    operation: DeadLetterOperation.calendarList,
    failureType,
    workflowId: workflowExecution?.workflowId ?? '',
    runId: workflowExecution?.runId ?? '',
    correlationId,
    failedAt,
    lastSuccessAt: incompleteSince,
  });
}

/** Whether a calendar of the account lacks a push channel that it should have. */
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
 * Lists an account's calendars, and adds, updates and removes rows to match. It always reads the whole list,
 * because increments leave out changes of the time zone and of the access role.
 */
export function createRefreshCalendarList({ database, google, push }: ActivityDependencies) {
  return async function refreshCalendarList(
    input: RefreshCalendarListInput,
  ): Promise<RefreshCalendarListResult> {
    const { workspaceId, accountId } = input;
    const account = await database.calendarAuthToken.findFirst({
      where: { id: accountId, workspaceId, status: 'connected' },
    });
    if (account === null) return { newCalendarIds: [], removedCalendarIds: [] };

    let listing: CalendarListing;
    try {
      listing = await listCalendars(google, { ...account, accountId }, cancellationSignal());
    } catch (error) {
      if (!(error instanceof GoogleCallError)) throw error;
      throw toActivityFailure(error.failure, activityInfo().attempt, account);
    }
    return database.$transaction(async (transaction) => {
      // Two refreshes of one account would each remove what the other has just found.
      const [held] = await transaction.$queryRaw<{ status: string; now: Date }[]>`
        select status, now() from calendar_auth_tokens where id = ${accountId}::uuid for update`;
      // Consent was revoked while Google was answering, so none of its calendars may become due.
      if (held?.status !== 'connected') return { newCalendarIds: [], removedCalendarIds: [] };
      const otherwiseOwned = await withOtherOwner(transaction, accountId, listing.calendars);
      const newCalendarIds = await upsertCalendars(transaction, input, listing.calendars);
      if (otherwiseOwned.length > 0) {
        await holdBusyRule(transaction, workspaceId);
        await applyBusyRule(transaction, workspaceId, otherwiseOwned);
      }
      const { gone, missing } = await findGone(transaction, input, listing);
      const { removedCalendarIds, changes } = await removeGone(transaction, input, gone);
      const incompleteSince = await noteWholeness(transaction, accountId, listing);
      const lastError = incompleteSince === null ? null : FailureType.googleListIncomplete;
      const goodForMs = missing > 0 || !listing.isWhole ? LOOK_AGAIN_AFTER_MS : DAY_MS;
      await transaction.$executeRaw`
        update calendar_auth_tokens
        set calendar_list_synced_at = now(), last_error = ${lastError}, updated_at = now(),
          calendar_list_due_at = now() + ${goodForMs}::float8 * interval '1 millisecond'
        where id = ${accountId}::uuid`;
      await resolveCalendarDeadLetters(transaction, removedCalendarIds);
      await settleDeadLetters(transaction, input, incompleteSince, held.now);
      await transaction.$executeRaw(closeSharedDeadLetters(null));
      await appendChanges(transaction, input, changes);
      const wantsChannels = await hasWithoutChannel(transaction, accountId, push.address, held.now);
      return { newCalendarIds, removedCalendarIds, ...(wantsChannels && { wantsChannels }) };
    });
  };
}
