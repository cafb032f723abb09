import { continueAsNew, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { RollHorizonsInput } from '../contracts/fan-out.ts';
import { summaryOf } from '../contracts/summaries.ts';
import { horizons } from './activities.ts';
import { checkRollInput } from './input/fan-out.ts';

/**
 * Moves the horizon of every calendar to today: adds occurrences of the days that enter it and drops those of
 * the days that leave it. Makes no requests to Google. Started daily by the schedule `calendar-horizon-roll`.
 */
export async function rollHorizons(untrusted: RollHorizonsInput = {}): Promise<{ calendars: number }> {
  const input = checkRollInput(untrusted);
  let calendars = input.resume?.calendars ?? 0;
  let afterCalendarId: string | null = input.resume?.afterCalendarId ?? null;
  do {
    const rolled = await horizons.rollCalendarHorizons.executeWithOptions(
      { summary: summaryOf.page(afterCalendarId) },
      [{ afterCalendarId }],
    );
    calendars += rolled.calendars;
    setCurrentDetails(`${calendars} calendars are rolled`);
    afterCalendarId = rolled.nextCalendarId;
    if (afterCalendarId !== null && workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof rollHorizons>({ resume: { afterCalendarId, calendars } });
    }
  } while (afterCalendarId !== null);
  return { calendars };
}
