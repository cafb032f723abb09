import { Temporal } from 'temporal-polyfill';
import type { EmulatorAdmin, EventResource } from '../../emulator/admin.ts';
import { sampleEvents } from './sample-events.ts';
import {
  SAMPLE_WORKSPACES,
  type SampleCalendar,
  sampleCalendarId,
  sampleRefreshToken,
} from './sample-workspaces.ts';

/** Occurrences within this many days are candidates to be moved or cancelled. */
const EXCEPTIONS_WITHIN_DAYS = 40;
/** Index, among a series' next occurrences, of the one that is moved and the one that is cancelled. */
const MOVED = 2;
const CANCELLED = 4;
const MOVED_BY = { hours: 2 };

/** Creates the sample users, calendars and events that the emulator lacks. */
export async function seedEmulator(admin: EmulatorAdmin, note: (text: string) => void): Promise<void> {
  for (const { timeZone, accounts } of SAMPLE_WORKSPACES) {
    for (const { email, calendars } of accounts) {
      await admin.createUser({ email, refreshToken: sampleRefreshToken(email), timeZone });
      const known = new Map((await admin.calendars(email)).map(({ id, events }) => [id, events]));
      for (const calendar of calendars) {
        const id = sampleCalendarId(email, calendar);
        note(email);
        if (calendar.name !== undefined && !known.has(id))
          await admin.createCalendar(email, { id, summary: calendar.name, timeZone });
        if (!known.get(id)) await fillCalendar(admin, id, calendar, timeZone);
      }
    }
  }
}

async function fillCalendar(
  admin: EmulatorAdmin,
  calendarId: string,
  { content }: SampleCalendar,
  timeZone: string,
): Promise<void> {
  const today = Temporal.Now.plainDateISO(timeZone);
  const series: EventResource[] = [];
  for (const body of sampleEvents(calendarId, content, timeZone, today)) {
    const event = await admin.insertEvent(calendarId, body);
    if (event.recurrence) series.push(event);
  }
  const from = today.toZonedDateTime(timeZone).toInstant();
  const to = from.add({ hours: 24 * EXCEPTIONS_WITHIN_DAYS });
  const occurrences = await admin.listOccurrences(calendarId, from.toString(), to.toString());
  for (const { id } of series) {
    const own = occurrences.filter(({ recurringEventId }) => recurringEventId === id);
    const moved = own[MOVED];
    const cancelled = own[CANCELLED];
    if (moved) await admin.patchEvent(calendarId, moved.id, shifted(moved, MOVED_BY));
    if (cancelled) await admin.deleteEvent(calendarId, cancelled.id);
  }
}

/** The patch that moves a timed event. */
export function shifted(event: EventResource, by: { hours?: number; minutes?: number }) {
  const move = (time: EventResource['start']) => ({
    dateTime: Temporal.Instant.from(time?.dateTime ?? '')
      .add(by)
      .toString(),
    timeZone: time?.timeZone ?? 'UTC',
  });
  return { start: move(event.start), end: move(event.end) };
}
