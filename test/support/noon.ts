import type { EmulatorAdmin } from '../../emulator/admin.ts';

const HOUR_MS = 3_600_000;

/** At noon of today in UTC, which is within the days that pages of the console show and ask for. */
export function noon(afterHours = 0): string {
  const day = new Date();
  day.setUTCHours(12, 0, 0, 0);
  return new Date(day.getTime() + afterHours * HOUR_MS).toISOString();
}

/** An event of one hour. */
export const insertAtNoon = (google: EmulatorAdmin, calendarId: string, summary: string) =>
  google.insertEvent(calendarId, {
    summary,
    start: { dateTime: noon() },
    end: { dateTime: noon(1) },
  });
