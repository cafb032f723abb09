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
  /** Google's word; a role that is not known here reads as read-only. */
  accessRole: string;
  isPrimary: boolean;
}

export interface CalendarListing {
  calendars: ListedCalendar[];
  /** Google IDs of calendars that Google itself says are off the list: removed from it, or hidden by the user. */
  off: string[];
  /** The list names the primary calendar, which nobody can remove: a list without it is not whole. */
  isWhole: boolean;
}

/** Every calendar in the account's list. Hidden ones are off it, as in Google's own sidebar. */
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
