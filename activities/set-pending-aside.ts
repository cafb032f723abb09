import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { FailureType } from '../contracts/failure-types.ts';
import type { SetPendingAsideInput, SetPendingAsideResult } from '../contracts/verification-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { failure } from '../services/failures.ts';
import { GoogleCallError } from '../services/google/google-failure.ts';
import { listEvents } from '../services/google/list-events.ts';
import { toActivityFailure } from '../services/google/to-activity-failure.ts';
import { tokenOutcome } from '../services/google/token-outcome.ts';
import { notePending } from '../services/verification/differences.ts';
import { fenceOf, holdVerification } from '../services/verification/verification-fence.ts';
import { readVerifiedCalendar } from '../services/verification/verified-calendar.ts';

/**
 * Lists one page of what has changed in Google since the token that the mirror had when the verification began, and
 * sets aside what it names: those changes have not been pulled yet, or have been meanwhile. Nothing of it is saved.
 */
export function createSetPendingAside({ database, google }: ActivityDependencies) {
  return async function setPendingAside(input: SetPendingAsideInput): Promise<SetPendingAsideResult> {
    const { workspaceId, calendarId, pageToken } = input;
    const fence = fenceOf(input);
    const calendar = await readVerifiedCalendar(database, workspaceId, calendarId);
    const { syncToken } = await holdVerification(database, fence);
    if (calendar === null || !calendar.syncable) {
      throw failure(FailureType.fenced, `Calendar ${calendarId} is no longer synced.`);
    }
    // Whatever a sync commits before Google is asked is covered by the answer; what it commits later shows in this.
    if (pageToken === null) {
      await database.calendarVerification.update({ where: { calendarId }, data: { stamp: calendar.stamp } });
    }
    try {
      const query = { googleCalendarId: calendar.googleCalendarId, syncToken, pageToken };
      const page = await listEvents(google, calendar, cancellationSignal(), query);
      await database.$transaction(async (transaction) => {
        await holdVerification(transaction, fence);
        await notePending(
          transaction,
          calendarId,
          page.items.map(({ id }) => id),
        );
      });
      return page.nextPageToken
        ? { outcome: 'more', nextPageToken: page.nextPageToken }
        : { outcome: 'done' };
    } catch (error) {
      if (!(error instanceof GoogleCallError)) throw error;
      const outcome = tokenOutcome(error, 'incremental', pageToken);
      if (outcome === 'page-token-expired') return { outcome };
      if (outcome !== null) return { outcome, replaced: calendar.syncToken !== syncToken };
      throw toActivityFailure(error.failure, activityInfo().attempt);
    }
  };
}
