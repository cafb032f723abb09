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
 * Lists one page of the changes since the sync token that the mirror had when the verification began, and
 * sets aside the differences of those events: such changes are pending, or have been pulled in the meantime.
 * Events are not saved. Once a listing with another detail has begun, stored events differ from those that
 * were compared: the comparison starts again.
 */
export function createSetPendingAside({ database, google }: ActivityDependencies) {
  return async function setPendingAside(input: SetPendingAsideInput): Promise<SetPendingAsideResult> {
    const { workspaceId, calendarId, pageToken } = input;
    const fence = fenceOf(input);
    const calendar = await readVerifiedCalendar(database, workspaceId, calendarId);
    const { syncToken, detail } = await holdVerification(database, fence);
    if (calendar === null || !calendar.syncable) {
      throw failure(FailureType.fenced, `Calendar ${calendarId} is no longer synced.`);
    }
    if (calendar.detail !== detail) return { outcome: 'sync-token-expired', replaced: true };
    // The answer covers commits of syncs before the request; a changed stamp reveals later ones.
    if (pageToken === null) {
      await database.calendarVerification.update({ where: { calendarId }, data: { stamp: calendar.stamp } });
    }
    try {
      const query = { googleCalendarId: calendar.googleCalendarId, detail, syncToken, pageToken };
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
