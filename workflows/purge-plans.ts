import type { PlanResult } from '../contracts/planning.ts';
import type { PlanRunContext, PurgeCalendarResult } from '../contracts/planning-activities.ts';
import { google } from './activities.ts';

/**
 * Removes every event that Almanac has written for the workspace, found in Google itself, and its own calendars
 * where nobody else has put anything into them. From then on nothing is applied unless somebody asks for it.
 */
export async function purgePlans(run: PlanRunContext, result: PlanResult): Promise<void> {
  const { calendarIds } = await google.findWrittenCalendars(run);
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
  result.applied = true;
}
