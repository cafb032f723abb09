import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { PullPartInput, PullPartResult } from '../contracts/sync-activities.ts';
import type { SyncMode } from '../contracts/sync-modes.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { GoogleCallError } from '../services/google/google-failure.ts';
import { listEvents } from '../services/google/list-events.ts';
import { toActivityFailure } from '../services/google/to-activity-failure.ts';
import { tokenOutcome } from '../services/google/token-outcome.ts';
import { type ClaimedPart, claimPart } from '../services/mirror/claim-part.ts';
import { commitPage } from '../services/mirror/commit-page.ts';
import type { Fence } from '../services/mirror/fence.ts';
import { readRunTotals, type RunContext, skipRun } from '../services/mirror/finish-page.ts';
import { fencedFailure } from '../services/mirror/hold-page.ts';
import { type SortedChanges, sortChanges } from '../services/mirror/sort-changes.ts';
import { settleIfPossible } from '../services/writing/settle-half-made.ts';

/** No further page is requested after this, which limits what a crash repeats and keeps progress visible. */
const GO_ON_FOR_MS = 5_000;
/** Commits may take minutes: a page whose commit would begin later than this is left to the next activity. */
const LATEST_COMMIT_MS = 45_000;

/** A listed page, sorted into changes of the mirror. */
interface ListedPage extends SortedChanges {
  nextPageToken: string | null;
  syncToken: string | null;
}

function runContext(input: PullPartInput, mode: SyncMode, { claimedAt }: ClaimedPart): RunContext {
  const { workspaceId, calendarId, correlationId, source } = input;
  const workflowId = activityInfo().workflowExecution?.workflowId ?? '';
  return { workspaceId, calendarId, correlationId, source, mode, workflowId, startedAt: claimedAt };
}

/**
 * Lists pages of a calendar's events and commits them one by one: rows, occurrences, change log, run log and,
 * with the last page, the sync token and the calendar's health, all in one transaction. The next page is
 * requested while one is committed, and no transaction ever waits for Google. Idempotent: a retry lists and
 * writes the same pages again, and an attempt that was overtaken writes nothing.
 */
export function createPullEventsPage({ database, google, metrics, poll, readStretch }: ActivityDependencies) {
  return async function pullEventsPage(input: PullPartInput): Promise<PullPartResult> {
    const startedAt = performance.now();
    const elapsed = () => performance.now() - startedAt;
    const { attempt, workflowExecution } = activityInfo();
    const fence: Fence = {
      calendarId: input.calendarId,
      runId: workflowExecution?.runId ?? '',
      runStartedAt: new Date(input.runStartedAt),
      listing: input.listing,
      part: input.page,
      attempt,
    };
    const claim = await claimPart(database, input.workspaceId, fence, google.quota.bucket());
    if (claim === null) return { outcome: 'not-syncable' };
    const mode: SyncMode = input.mode === 'full' || claim.syncToken === null ? 'full' : 'incremental';
    if (claim.finished) return { outcome: 'done', mode, totals: await readRunTotals(database, fence) };
    if (!claim.claimed) throw fencedFailure(input.calendarId);
    const run = runContext(input, mode, claim);
    if (!claim.syncable) {
      await skipRun(database, fence, run);
      return { outcome: 'not-syncable' };
    }
    if (claim.hasHalfMade)
      await settleIfPossible({ database, google, signal: cancellationSignal() }, input.calendarId);

    let page: ListedPage | null;
    try {
      page = await list(claim, mode, input.pageToken, claim.counted);
    } catch (error) {
      if (!(error instanceof GoogleCallError)) throw error;
      const outcome = tokenOutcome(error, mode, input.pageToken);
      if (outcome !== null) return { outcome };
      throw toActivityFailure(error.failure, attempt, claim);
    }
    for (let index = 0; ; index += 1) {
      const persists = index + 1 < (input.pages ?? 1) && elapsed() < GO_ON_FOR_MS;
      const ahead: Promise<ListedPage | null> | null =
        persists && page.nextPageToken !== null ? lookAhead(claim, mode, page.nextPageToken) : null;
      const result = await commit(input, claim, fence, run, index, page);
      if (result.outcome !== 'more' || elapsed() > LATEST_COMMIT_MS) return result;
      page = await ahead;
      if (page === null) return result;
    }
  };

  async function list(
    claim: ClaimedPart,
    mode: SyncMode,
    pageToken: string | null,
    counted: boolean,
  ): Promise<ListedPage> {
    const { googleCalendarId, detail } = claim;
    const syncToken = mode === 'full' ? null : claim.syncToken;
    const query = { googleCalendarId, detail, syncToken, pageToken, mayLackToken: true };
    const page = await listEvents(google, claim, cancellationSignal(), query, { counted });
    return {
      ...sortChanges(page, claim.timeZone),
      nextPageToken: page.nextPageToken ?? null,
      syncToken: page.nextSyncToken ?? null,
    };
  }

  /** Null if the page could not be listed: the next activity requests it again, with retries. */
  async function lookAhead(
    claim: ClaimedPart,
    mode: SyncMode,
    pageToken: string,
  ): Promise<ListedPage | null> {
    try {
      return (await google.quota.takeFurther()) ? await list(claim, mode, pageToken, false) : null;
    } catch {
      return null;
    }
  }

  async function commit(
    input: PullPartInput,
    claim: ClaimedPart,
    fence: Fence,
    run: RunContext,
    index: number,
    page: ListedPage,
  ): Promise<PullPartResult> {
    const { mode } = run;
    const { tokenExpired, confirmEmpty } = input;
    const { upserts, deletes, cancelled, unreadable, syncToken, nextPageToken } = page;
    claim.hasUnreadable ||= unreadable.length > 0;
    const committed = await commitPage(database, {
      fence,
      index,
      run,
      timeZone: claim.timeZone,
      upserts,
      deletes,
      cancelled,
      unreadable,
      hasUnreadable: claim.hasUnreadable,
      syncToken,
      isLast: nextPageToken === null,
      tokenExpired,
      hasToken: claim.syncToken !== null,
      tokenExpiries: claim.tokenExpiries,
      confirmEmpty,
      poll: { ...poll, stretch: await readStretch() },
      horizonIsWrong: claim.horizonIsWrong,
      staleTimeZone: claim.staleTimeZone,
    });
    if (committed === 'suspiciously-empty') return { outcome: committed };
    const { totals, written } = committed;
    metrics.pageCommitted(mode, written);
    if (syncToken !== null) {
      metrics.calendarSynced(mode, Math.max(Date.now() - claim.listingStartedAt.getTime(), 0));
      return { outcome: 'done', mode, totals };
    }
    if (nextPageToken === null) return { outcome: 'done', mode, totals };
    return { outcome: 'more', mode, nextPageToken, totals };
  }
}
