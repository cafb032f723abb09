import type { EventDetail } from '../../contracts/event-details.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import type { Database } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import type { SealedGrant } from '../google/sealed-grant.ts';
import { chargeAccount, type QuotaBucket } from '../google/quota.ts';
import type { Fence } from './fence.ts';
import { HORIZON_IS_WRONG } from './horizon.ts';
import { hasHalfMade } from './own-versions.ts';

/** Input of an attempt's listing, read by the statement that claims its pages. */
export interface ClaimedPart extends SealedGrant {
  /** False where a later attempt or run has claimed the calendar. */
  claimed: boolean;
  /** True where an earlier attempt has finished the listing. */
  finished: boolean;
  /** Detail of the listing: the workspace's choice when its first part was claimed. */
  detail: EventDetail;
  /** Null as well where the stored token was taken with another detail. */
  syncToken: string | null;
  googleCalendarId: string;
  timeZone: string;
  syncable: boolean;
  /** Time of the claim, by the database's clock. */
  claimedAt: Date;
  /** Time of the claim of the listing's first part, by the database's clock. */
  listingStartedAt: Date;
  /** Number of sync tokens that expired in a row. */
  tokenExpiries: number;
  /** Whether the stored horizon is neither today's nor yesterday's. */
  horizonIsWrong: boolean;
  /** Zone in which the stored events were read, if it differs from `timeZone`. */
  staleTimeZone: string | null;
  /** Whether some items could not be read when they were last listed. */
  hasUnreadable: boolean;
  /** Whether a write that failed half-way is to be settled before the listing. */
  hasHalfMade: boolean;
  /** Whether the first request has been charged to the account's quota. */
  counted: boolean;
}

/**
 * More runs than any zombie sleeps through. A forgotten run could only claim part 0 and list the calendar
 * anew.
 */
const RUNS_REMEMBERED = 8;

/**
 * Claims a part of a listing for an attempt. Within a run, claims are ordered by (listing, part, attempt). A
 * new run takes the calendar over with part 0, and the run it replaces never gets it back. Temporal's clock
 * may be wrong, so start times decide little: a new run is refused as the older one only where both start
 * times are plausible by Postgres's clock. The same statement charges the first request to the account's
 * quota, unless the account has to wait (as in `GoogleQuota.take`).
 *
 * The first part takes the workspace's present choice of detail for the whole listing. If it differs from
 * that of the last listing, the sync token is discarded: a token is only valid with the mask it was taken
 * with, and rows of both details must not stay side by side.
 *
 * A refused claim leaves no row in the run log: the run or attempt that holds the calendar logs its own
 * outcome, and a later row would hide it as the calendar's last run.
 * @returns null where the workspace has no such calendar
 */
export async function claimPart(
  database: Database,
  workspaceId: string,
  fence: Fence,
  bucket: QuotaBucket,
): Promise<ClaimedPart | null> {
  const { calendarId, runId, runStartedAt, listing, part, attempt } = fence;
  const [row] = await database.$queryRaw<ClaimedPart[]>`
    with state as (
      select s.*,
        case when ${part}::int = 0 then w.event_detail else s.event_detail end as detail,
        case when s.fence_run_id is not distinct from ${runId}
          then (s.fence_listing, s.fence_page, s.fence_attempt) < (${listing}::int, ${part}::int, ${attempt}::int)
          else ${part}::int = 0 and ${runId} <> all(s.fence_superseded) and (
            ${runStartedAt}::timestamptz < s.fence_run_at
            and s.fence_run_at <= now() + interval '5 seconds'
            and ${runStartedAt}::timestamptz > now() - interval '10 minutes') is not true
        end as claimable,
        coalesce(${HORIZON_IS_WRONG}, false) as horizon_wrong,
        s.fence_finished and s.fence_run_id is not distinct from ${runId}
          and s.fence_listing = ${listing}::int and s.fence_page = ${part}::int as finished
      from calendar_sync_states s join workspaces w on w.id = s.workspace_id
      where s.calendar_id = ${calendarId}::uuid and s.workspace_id = ${workspaceId}
      for update of s
    ), claim as (
      update calendar_sync_states s
      set fence_run_id = ${runId}, fence_listing = ${listing}::int,
        fence_run_at = case when ${runStartedAt}::timestamptz <= now() + interval '5 seconds'
          then ${runStartedAt}::timestamptz else now() end,
        fence_superseded = case when s.fence_run_id <> ${runId}
          then (s.fence_run_id || s.fence_superseded)[1:${RUNS_REMEMBERED}::int] else s.fence_superseded end,
        fence_page = ${part}::int, fence_attempt = ${attempt}::int, fence_finished = false,
        event_detail = state.detail,
        sync_token = case when s.event_detail = state.detail then s.sync_token end,
        listing_started_at = case when ${part}::int = 0 then now() else s.listing_started_at end
      from state
      where s.calendar_id = state.calendar_id and state.claimable and not state.finished
      returning s.calendar_id
    ), overtaken as (
      -- A run that was terminated, or lives on as a zombie, cannot report its outcome.
      update workspace_calendar_sync_log l
      set outcome = 'failed', failure_type = ${FailureType.fenced}, finished_at = now()
      from state join claim on claim.calendar_id = state.calendar_id
      where state.fence_run_id <> ${runId} and not state.fence_finished
        and l.calendar_id = state.calendar_id and l.run_id = state.fence_run_id and l.outcome = 'running'
    ), account as (
      select c.account_id::text as scope from claim join calendars c on c.id = claim.calendar_id
    ), taken as (
      ${chargeAccount(bucket)}
    )
    select now() as "claimedAt", case when ${part}::int = 0 then now() else state.listing_started_at end as "listingStartedAt",
      exists (select from taken) as counted, state.claimable as "claimed", state.finished,
      state.horizon_wrong as "horizonIsWrong", nullif(state.stale_time_zone, c.time_zone) as "staleTimeZone",
      state.unreadable_ids <> '{}' as "hasUnreadable", state.detail,
      case when state.event_detail = state.detail then state.sync_token end as "syncToken",
      state.token_expiries as "tokenExpiries",
      ${part}::int = 0 and ${hasHalfMade(Prisma.sql`state.calendar_id`)} as "hasHalfMade",
      c.google_calendar_id as "googleCalendarId", c.time_zone as "timeZone",
      c.enabled and c.status <> 'removed' and a.status = 'connected' as "syncable",
      a.id as "accountId", a.key_id as "keyId", a.refresh_token as "refreshToken",
      a.access_token as "accessToken", a.access_token_expires_at as "accessTokenExpiresAt"
    from state
    join calendars c on c.id = state.calendar_id
    join calendar_auth_tokens a on a.id = c.account_id`;
  return row ?? null;
}
