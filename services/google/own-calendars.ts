import { z } from 'zod';
import type { SealedGrant } from './sealed-grant.ts';
import { calendarListItems } from './calendar-list-items.ts';
import { type GoogleCalendar, malformedAnswer } from './google-calendar.ts';

/** Name of the calendar in the user's list. */
export const OWN_CALENDAR_NAME = 'Almanac';

const FIELDS = 'id,description,timeZone,accessRole';
const itemSchema = z.object({
  id: z.string().min(1),
  description: z.string().nullish(),
  timeZone: z.string().nullish(),
  accessRole: z.string().nullish(),
});

const INSERT_FIELDS = 'id,timeZone';
const insertSchema = z.object({ id: z.string().min(1), timeZone: z.string().nullish() });

export interface OwnCalendar {
  googleCalendarId: string;
  timeZone: string;
}

/** Mark in the description that identifies a workspace's calendar, whatever other calendars are named. */
const markOf = (workspaceId: string) => `almanac:${workspaceId}`;

/** The account's calendars that Almanac created for the workspace, including hidden ones, ordered by ID. */
export async function listOwnCalendars(
  google: GoogleCalendar,
  grant: SealedGrant,
  signal: AbortSignal,
  workspaceId: string,
): Promise<OwnCalendar[]> {
  const own: OwnCalendar[] = [];
  const settings = { fields: FIELDS, item: itemSchema, showHidden: true };
  for await (const item of calendarListItems(google, grant, signal, settings)) {
    const { id, description, timeZone, accessRole } = item;
    const marked = description?.split(/\s+/).includes(markOf(workspaceId)) ?? false;
    if (marked && accessRole === 'owner') own.push({ googleCalendarId: id, timeZone: timeZone || 'UTC' });
  }
  return own.toSorted((a, b) => (a.googleCalendarId < b.googleCalendarId ? -1 : 1));
}

export async function insertOwnCalendar(
  google: GoogleCalendar,
  grant: SealedGrant,
  signal: AbortSignal,
  { workspaceId, timeZone }: { workspaceId: string; timeZone: string },
): Promise<OwnCalendar> {
  const requestBody = {
    summary: OWN_CALENDAR_NAME,
    description: `Tasks and habits, planned into free time. Whatever you change here stays as you put it.\n\n${markOf(workspaceId)}`,
    timeZone,
  };
  const answer = await google.call(
    grant,
    signal,
    'calendars.insert',
    (api, options) => api.calendars.insert({ fields: INSERT_FIELDS, requestBody }, options),
    { kind: 'write' },
  );
  const calendar = insertSchema.safeParse(answer);
  if (!calendar.success) throw malformedAnswer();
  return { googleCalendarId: calendar.data.id, timeZone: calendar.data.timeZone || timeZone };
}

export async function deleteOwnCalendar(
  google: GoogleCalendar,
  grant: SealedGrant,
  signal: AbortSignal,
  googleCalendarId: string,
): Promise<void> {
  await google.call(
    grant,
    signal,
    'calendars.delete',
    (api, options) => api.calendars.delete({ calendarId: googleCalendarId }, options),
    { kind: 'write' },
  );
}
