import { ApplicationFailure } from '@temporalio/workflow';
import { FailureType } from '../contracts/failure-types.ts';
import type { PlanResult } from '../contracts/planning.ts';
import type { PlanRunContext, PurgeCalendarResult } from '../contracts/planning-activities.ts';
import { google } from './activities.ts';

/**
 * Removes every event that Almanac has written for the workspace, found in Google itself, and its own calendars
 * where nobody else has put anything into them. From then on nothing is applied unless somebody asks for it. Where an
 * account has to be connected again, the rest is done, and the run says that something is left.
 */
export async function purgePlans(run: PlanRunContext, result: PlanResult): Promise<void> {
  const { calendarIds, unreachable = 0 } = await google.findWrittenCalendars(run);
  for (const calendarId of calendarIds) {
    let outcome: PurgeCalendarResult['outcome'];
    do {
      const purged = await google.purgeCalendar.executeWithOptions({ summary: calendarId }, [
        { ...run, calendarId },
      ]);
      result.deleted += purged.deleted;
      outcome = purged.outcome;
    } while (outcome === 'more');
  }
  if (unreachable > 0) {
    throw ApplicationFailure.nonRetryable(
      `${unreachable} calendars are of accounts that have to be connected again.`,
      FailureType.googleAuthRevoked,
    );
  }
  result.applied = true;
}
