import { Temporal } from 'temporal-polyfill';
import type { EmulatorAdmin, EventResource } from '../../emulator/admin.ts';
import { SAMPLE_WORKSPACES, sampleCalendarId } from './sample-workspaces.ts';
import { shifted } from './seed-emulator.ts';

/** Title of the event that every run creates. */
const VISIT = 'Coffee with a new colleague';
const MOVE_BY = { minutes: 30 };
const WITHIN_DAYS = 30;

function isTimedSingle(event: EventResource): boolean {
  return event.recurringEventId === undefined && event.start?.dateTime !== undefined;
}

/**
 * Edits each workspace's first calendar as a person would: an event is deleted, one created, one moved, and
 * one occurrence of a series changed. Returns the number of edits. Repeated runs leave the number of events
 * unchanged.
 */
export async function editSamples(admin: EmulatorAdmin): Promise<number> {
  let edits = 0;
  for (const { timeZone, accounts } of SAMPLE_WORKSPACES) {
    const [account] = accounts;
    const [calendar] = account?.calendars ?? [];
    if (!account || !calendar) continue;
    edits += await editCalendar(admin, sampleCalendarId(account.email, calendar), timeZone);
  }
  return edits;
}

async function editCalendar(admin: EmulatorAdmin, calendarId: string, timeZone: string): Promise<number> {
  const today = Temporal.Now.plainDateISO(timeZone);
  const tomorrow = today.add({ days: 1 });
  const from = tomorrow.toZonedDateTime(timeZone).toInstant();
  const to = from.add({ hours: 24 * WITHIN_DAYS });
  const occurrences = await admin.listOccurrences(calendarId, from.toString(), to.toString());
  const [toDelete, toMove] = occurrences.filter(isTimedSingle);
  const inSeries = occurrences.find(({ recurringEventId }) => recurringEventId !== undefined);

  const start = tomorrow.toZonedDateTime({ timeZone, plainTime: '16:30' });
  await admin.insertEvent(calendarId, {
    summary: VISIT,
    start: { dateTime: start.toPlainDateTime().toString(), timeZone },
    end: { dateTime: start.add({ minutes: 30 }).toPlainDateTime().toString(), timeZone },
  });
  if (toDelete) await admin.deleteEvent(calendarId, toDelete.id);
  if (toMove) await admin.patchEvent(calendarId, toMove.id, shifted(toMove, MOVE_BY));
  if (inSeries) await admin.patchEvent(calendarId, inSeries.id, shifted(inSeries, MOVE_BY));
  return 1 + [toDelete, toMove, inSeries].filter(Boolean).length;
}
