import { ApplicationFailure } from '@temporalio/workflow';
import { FailureType } from '../contracts/failure-types.ts';
import type { PlanResult } from '../contracts/plan-result.ts';
import type { PlanRunContext, PurgeCalendarResult } from '../contracts/planning-activities.ts';
import { google } from './activities.ts';

/**
 * Removes every event that Almanac has written for the workspace, as found in Google itself, and the
 * calendars it created, unless they hold events of others. Turns off the automatic applying of plans. If an
 * account has to be connected again, its calendars are left, and the run fails once the others are done.
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
