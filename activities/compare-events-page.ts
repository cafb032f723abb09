import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type {
  CompareEventsPageInput,
  CompareEventsPageResult,
} from '../contracts/verification-activities.ts';
import type { Transaction } from '../prisma/client.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { GoogleCallError } from '../services/google/google-failure.ts';
import { listEvents } from '../services/google/list-events.ts';
import { toActivityFailure } from '../services/google/to-activity-failure.ts';
import { tokenOutcome } from '../services/google/token-outcome.ts';
import { sortChanges } from '../services/mirror/sort-changes.ts';
import { compareEvents } from '../services/verification/compare-events.ts';
import { findUnlisted, isDoubtful } from '../services/mirror/unlisted-events.ts';
import { anyDiffers, noteExtras, noteListed, notePage } from '../services/verification/differences.ts';
import { beginVerification, fenceOf, holdVerification } from '../services/verification/verification-fence.ts';
import { readVerifiedCalendar, type VerifiedCalendar } from '../services/verification/verified-calendar.ts';

const LONGEST_COMMIT_MS = 60_000;

/**
 * Lists one page of a calendar without a sync token and records where the mirror differs; with the last page,
 * also the stored events that no page has listed. It only reads the mirror. A recorded difference may be a
 * change that has not been pulled yet: that is settled afterwards.
 */
export function createCompareEventsPage({ database, google }: ActivityDependencies) {
  return async function compareEventsPage(input: CompareEventsPageInput): Promise<CompareEventsPageResult> {
    const calendar = await readVerifiedCalendar(database, input.workspaceId, input.calendarId);
    if (calendar === null || !calendar.syncable) return { outcome: 'not-syncable' };
    const fence = fenceOf(input);
    const { syncToken } = calendar;
    let { detail } = calendar;
    // Keeps the token from before the first request, so that the increment covers every later change.
    if (input.page > 0) ({ detail } = await holdVerification(database, fence));
    else if (syncToken === null) return { outcome: 'not-synced' };
    else await beginVerification(database, fence, { syncToken, detail });

    try {
      const query = {
        googleCalendarId: calendar.googleCalendarId,
        detail,
        syncToken: null,
        pageToken: input.pageToken,
      };
      const page = await listEvents(google, calendar, cancellationSignal(), query);
      const { upserts, unreadable } = sortChanges(page, calendar.timeZone);
      return await database.$transaction(
        async (transaction) => {
          await holdVerification(transaction, fence);
          return note(transaction, input, calendar, upserts, unreadable, page.nextPageToken ?? null);
        },
        { timeout: LONGEST_COMMIT_MS },
      );
    } catch (error) {
      if (!(error instanceof GoogleCallError)) throw error;
      const outcome = tokenOutcome(error, 'full', input.pageToken);
      if (outcome === 'page-token-expired') return { outcome };
      throw toActivityFailure(error.failure, activityInfo().attempt);
    }
  };
}

async function note(
  transaction: Transaction,
  { calendarId, page, confirmEmpty }: CompareEventsPageInput,
  { timeZone }: VerifiedCalendar,
  listed: Parameters<typeof compareEvents>[2],
  unreadable: readonly string[],
  nextPageToken: string | null,
): Promise<CompareEventsPageResult> {
  const ids = listed.map(({ googleEventId }) => googleEventId);
  await notePage(transaction, calendarId, page, [...ids, ...unreadable]);
  const differing = await compareEvents(transaction, { calendarId, timeZone }, listed);
  await noteListed(transaction, calendarId, listed, differing);
  const events = ids.length;
  if (nextPageToken !== null) return { outcome: 'more', nextPageToken, events };
  if (!confirmEmpty) {
    const { unlisted, stored } = await findUnlisted(transaction, calendarId, 'calendar_verification_pages');
    if (isDoubtful(unlisted.length, stored)) return { outcome: 'suspiciously-empty' };
  }
  await noteExtras(transaction, calendarId);
  return { outcome: 'done', events, differs: await anyDiffers(transaction, calendarId) };
}
