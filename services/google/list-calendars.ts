import { z } from 'zod';
import type { SealedGrant } from './sealed-grant.ts';
import { calendarListItems } from './calendar-list-items.ts';
import type { GoogleCalendar } from './google-calendar.ts';

const FIELDS = 'id,summary,summaryOverride,timeZone,accessRole,primary,hidden';
const itemSchema = z.object({
  id: z.string().min(1),
  summary: z.string().nullish(),
  summaryOverride: z.string().nullish(),
  timeZone: z.string().nullish(),
  accessRole: z.string().nullish(),
  primary: z.boolean().nullish(),
  hidden: z.boolean().nullish(),
});

export interface ListedCalendar {
  /** The real ID: `primary` is an alias, and using both would sync the calendar twice. */
  googleCalendarId: string;
  summary: string;
  timeZone: string;
  /** Role as Google names it; an unknown role is treated as read-only. */
  accessRole: string;
  isPrimary: boolean;
}

export interface CalendarListing {
  calendars: ListedCalendar[];
  /** Google IDs of calendars that Google reports as removed from the list, or that the user has hidden. */
  off: string[];
  /**
   * Whether the list includes the primary calendar. It cannot be removed, so a list without it is incomplete.
   */
  isWhole: boolean;
}

/**
 * Every calendar in the account's list. Hidden calendars count as off the list, as in Google's own sidebar.
 */
export async function listCalendars(
  google: GoogleCalendar,
  grant: SealedGrant,
  signal: AbortSignal,
): Promise<CalendarListing> {
  const calendars = new Map<string, ListedCalendar>();
  const off = new Set<string>();
  let isWhole = false;
  const settings = { fields: FIELDS, item: itemSchema, showHidden: true };
  const items = calendarListItems(google, grant, signal, settings, (id) => off.add(id));
  for await (const item of items) {
    isWhole ||= item.primary === true;
    if (item.hidden === true) {
      off.add(item.id);
      continue;
    }
    calendars.set(item.id, {
      googleCalendarId: item.id,
      summary: item.summaryOverride || item.summary || '',
      timeZone: item.timeZone || 'UTC',
      accessRole: item.accessRole || 'reader',
      isPrimary: item.primary ?? false,
    });
  }
  return {
    calendars: [...calendars.values()],
    off: [...off].filter((id) => !calendars.has(id)),
    isWhole,
  };
}
