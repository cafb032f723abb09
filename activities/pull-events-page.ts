import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { GoogleEventsPage } from '../calendar/google-event.ts';
import type { PullEventsPageInput, PullEventsPageResult } from '../contracts/activities.ts';
import { FailureType } from '../contracts/failure-types.ts';
import type { SyncMode } from '../contracts/sync.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { GoogleCallError } from './google/google-failure.ts';
import { listEvents } from './google/list-events.ts';
import { toActivityFailure } from './google/to-activity-failure.ts';
import { tokenOutcome } from './google/token-outcome.ts';
import { type ClaimedPage, claimPage } from './mirror/claim-page.ts';
import { commitPage } from './mirror/commit-page.ts';
import type { Fence } from './mirror/fence.ts';
import { readRunTotals, type RunContext } from './mirror/finish-page.ts';
import { fencedFailure } from './mirror/hold-page.ts';
import { skipRun } from './mirror/skip-run.ts';
import { sortChanges } from './mirror/sort-changes.ts';

function runContext(input: PullEventsPageInput, mode: SyncMode, { claimedAt }: ClaimedPage): RunContext {
  const { workspaceId, calendarId, correlationId, source } = input;
  const workflowId = activityInfo().workflowExecution?.workflowId ?? '';
  return { workspaceId, calendarId, correlationId, source, mode, workflowId, startedAt: claimedAt };
}

/**
 * Lists one page of a calendar's events and commits it: rows, occurrences, change log, run log and, with the last
 * page, the sync token and the calendar's health, all in one transaction that is not open while Google is asked.
 * Idempotent: a repeated attempt lists and writes the same page again, an overtaken one writes nothing.
 */
export function createPullEventsPage({ database, google, metrics, poll, now }: ActivityDependencies) {
  return async function pullEventsPage(input: PullEventsPageInput): Promise<PullEventsPageResult> {
    const { attempt, workflowExecution } = activityInfo();
    const fence: Fence = {
      calendarId: input.calendarId,
      runId: workflowExecution?.runId ?? '',
      runStartedAt: new Date(input.runStartedAt),
      listing: input.listing,
      page: input.page,
      attempt,
    };
    const claim = await claimPage(database, input.workspaceId, fence, google.quota.bucket());
    if (claim === null) return { outcome: 'not-syncable' };
    const mode: SyncMode = input.mode === 'full' || claim.syncToken === null ? 'full' : 'incremental';
    if (claim.finished) return { outcome: 'done', mode, totals: await readRunTotals(database, fence) };
    if (!claim.claimed) throw fencedFailure(input.calendarId);
    const run = runContext(input, mode, claim);
    if (!claim.syncable) {
      await skipRun(database, fence, run);
      return { outcome: 'not-syncable' };
    }

    let page: GoogleEventsPage;
    try {
      const query = {
        googleCalendarId: claim.googleCalendarId,
        syncToken: mode === 'full' ? null : claim.syncToken,
        pageToken: input.pageToken,
      };
      page = await listEvents(google, claim, cancellationSignal(), query, { counted: claim.counted });
    } catch (error) {
      if (!(error instanceof GoogleCallError)) throw error;
      const outcome = tokenOutcome(error, mode, input.pageToken);
      if (outcome !== null) return { outcome };
      throw toActivityFailure(error.failure, attempt, claim);
    }
    return commit(input, claim, fence, run, page);
  };

  async function commit(
    input: PullEventsPageInput,
    claim: ClaimedPage,
    fence: Fence,
    run: RunContext,
    page: GoogleEventsPage,
  ): Promise<PullEventsPageResult> {
    const { mode } = run;
    const { tokenExpired, confirmEmpty } = input;
    const syncToken = page.nextSyncToken ?? null;
    const committed = await commitPage(database, {
      fence,
      run,
      timeZone: claim.timeZone,
      ...sortChanges(page, claim.timeZone),
      syncToken,
      tokenExpired,
      tokenExpiries: claim.tokenExpiries,
      confirmEmpty,
      poll,
      now: now(),
    });
    if (committed === 'suspiciously-empty') return { outcome: committed };
    const { totals, written } = committed;
    metrics.pageCommitted(mode, written);
    if (syncToken !== null) {
      metrics.calendarSynced(mode, Math.max(Date.now() - claim.listingStartedAt.getTime(), 0));
      return { outcome: 'done', mode, totals };
    }
    if (!page.nextPageToken)
      throw toActivityFailure({ type: FailureType.googleMalformedAnswer, status: 200, reason: null }, 1);
    return { outcome: 'more', mode, nextPageToken: page.nextPageToken, totals };
  }
}
