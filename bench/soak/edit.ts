import type { EmulatorAdmin } from '../../emulator/admin.ts';

const CHANGED_PER_CALENDAR = 5;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

let made = 0;

/** Changes some events, adds one and deletes one, so that the calendar keeps its size. */
export async function editCalendar(google: EmulatorAdmin, calendarId: string): Promise<number> {
  const singles = (await google.listEvents(calendarId)).filter(
    ({ recurrence, recurringEventId }) => !recurrence && !recurringEventId,
  );
  made += 1;
  const startMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS + (made % 90) * DAY_MS;
  const moment = (ms: number) => ({ dateTime: new Date(ms).toISOString(), timeZone: 'Europe/Berlin' });
  await google.insertEvent(calendarId, {
    summary: `Added ${made}`,
    start: moment(startMs),
    end: moment(startMs + HOUR_MS),
  });
  const [oldest, ...others] = singles;
  if (oldest !== undefined) await google.deleteEvent(calendarId, oldest.id);
  const changed = others.slice(0, CHANGED_PER_CALENDAR);
  for (const { id } of changed) await google.patchEvent(calendarId, id, { summary: `Changed ${made}` });
  return 2 + changed.length;
}
