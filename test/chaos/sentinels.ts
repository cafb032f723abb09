import type { EmulatorAdmin } from '../../emulator/admin.ts';
import { CANARY } from './canary.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const SINGLE_SENTINELS = 12;
const SERIES_SENTINELS = 3;

/** Prefix of the IDs of events that are never edited. Base32hex, as Google requires. */
export const SENTINEL = 'sentinel';
/** How many of them a guarded calendar has, for as long as it is there. */
export const SENTINELS = SINGLE_SENTINELS + SERIES_SENTINELS;

export function isSentinel(eventId: string): boolean {
  return eventId.startsWith(SENTINEL);
}

/** Fields of every event besides its title and time, so that leaks can show. */
export const CANARY_DETAILS = {
  description: `${CANARY} description`,
  location: `${CANARY} location`,
  attendees: [{ email: `${CANARY}-guest@example.com`, responseStatus: 'accepted' }],
};

/** Events that stay as they are: a reader who misses one of them has seen a mirror that never was. */
export async function plantSentinels(google: EmulatorAdmin, calendarId: string): Promise<void> {
  for (let number = 0; number < SENTINELS; number += 1) {
    const startMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS + (number - 5) * 3 * DAY_MS;
    const moment = (ms: number) => ({ dateTime: new Date(ms).toISOString(), timeZone: 'Europe/Berlin' });
    await google.insertEvent(calendarId, {
      ...CANARY_DETAILS,
      id: `${SENTINEL}${String(number).padStart(3, '0')}`,
      summary: `${CANARY} sentinel ${number}`,
      start: moment(startMs),
      end: moment(startMs + HOUR_MS),
      ...(number >= SINGLE_SENTINELS && { recurrence: ['RRULE:FREQ=WEEKLY;COUNT=6'] }),
    });
  }
}
