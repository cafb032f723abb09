import type { Priority } from '@temporalio/common';
import { ApplicationFailure, sleep } from '@temporalio/workflow';
import type { PartTotals, PullPartResult, SyncRunContext } from '../contracts/sync-activities.ts';
import { FailureType } from '../contracts/failure-types.ts';
import type { SyncMode } from '../contracts/sync-modes.ts';
import { google } from './activities.ts';

/** Listings started in one turn. Page tokens that keep expiring are Google's fault: the next tick retries. */
const LISTINGS_PER_TURN = 5;
/** Most pages per part of a listing: the most that is listed again when a worker dies. */
const PAGES_PER_PART = 20;
/** Delay before the second listing, when the first lacks many stored events. */
const SECOND_LOOK_AFTER = '10 seconds';

interface CalendarRun extends SyncRunContext {
  calendarId: string;
  mode: SyncMode;
  /** Number of earlier turns of this calendar in this run. */
  turn: number;
}

/** Report of a committed part. Its totals are those of the whole run. */
interface PartReport {
  mode: SyncMode;
  totals: PartTotals;
}

/**
 * Brings one calendar up to date: lists pages until Google returns a sync token. An expired sync token, an
 * expired page token and a listing that lacks many stored events each start a new listing at once. Page
 * tokens exist only in this loop.
 */
export async function syncCalendar(
  run: CalendarRun,
  priority: () => Priority | undefined,
  onPart: (report: PartReport) => void,
): Promise<void> {
  const { turn, ...context } = run;
  let { mode } = run;
  let tokenExpired = false;
  let confirmEmpty = false;

  for (let number = 0; number < LISTINGS_PER_TURN; number += 1) {
    const listing = turn * LISTINGS_PER_TURN + number;
    const end = await listCalendar(
      { ...context, mode, listing, tokenExpired, confirmEmpty },
      priority,
      onPart,
    );
    switch (end) {
      case 'done':
      case 'not-syncable':
        return;
      case 'sync-token-expired':
        mode = 'full';
        tokenExpired = true;
        break;
      case 'suspiciously-empty':
        confirmEmpty = true;
        await sleep(SECOND_LOOK_AFTER, { summary: `${run.calendarId} is listed again` });
        break;
      case 'page-token-expired':
        break;
    }
  }
  throw ApplicationFailure.nonRetryable(
    `${LISTINGS_PER_TURN} listings began and none could be finished.`,
    FailureType.googleUnavailable,
  );
}

type Listing = Omit<Parameters<typeof google.pullEventsPage>[0], 'page' | 'pageToken' | 'pages'>;

async function listCalendar(
  listing: Listing,
  priority: () => Priority | undefined,
  onPart: (report: PartReport) => void,
): Promise<Exclude<PullPartResult['outcome'], 'more'>> {
  let { mode } = listing;
  let pageToken: string | null = null;
  for (let part = 0; ; part += 1) {
    const result: PullPartResult = await google.pullEventsPage.executeWithOptions(
      { summary: `${listing.calendarId} ${mode} part ${part}`, priority: priority() },
      [{ ...listing, mode, page: part, pageToken, pages: PAGES_PER_PART }],
    );
    if (result.outcome !== 'more' && result.outcome !== 'done') return result.outcome;
    onPart(result);
    if (result.outcome === 'done') return 'done';
    ({ mode, nextPageToken: pageToken } = result);
  }
}
