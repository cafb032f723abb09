import { z } from 'zod';
import type { SealedGrant } from './access-tokens.ts';
import { type GoogleCalendar, malformedAnswer } from './google-calendar.ts';

/** What people see in their list of calendars. */
export const OWN_CALENDAR_NAME = 'Almanac';

/** Google's hard limit. */
const MAX_RESULTS = 250;
const LIST_FIELDS = 'nextPageToken,items(id,description,timeZone,accessRole,deleted)';
const INSERT_FIELDS = 'id,timeZone';

const listSchema = z.object({
  nextPageToken: z.string().nullish(),
  items: z
    .array(
      z.object({
        id: z.string().min(1),
        description: z.string().nullish(),
        timeZone: z.string().nullish(),
        accessRole: z.string().nullish(),
        deleted: z.boolean().nullish(),
      }),
    )
    .nullish(),
});
const insertSchema = z.object({ id: z.string().min(1), timeZone: z.string().nullish() });

export interface OwnCalendar {
  googleCalendarId: string;
  timeZone: string;
}

/** Tells the calendar of a workspace from anything a person might have named alike. */
const markOf = (workspaceId: string) => `almanac:${workspaceId}`;

/** The calendars of the account that Almanac has created for the workspace, hidden ones too, in order of their IDs. */
export async function listOwnCalendars(
  google: GoogleCalendar,
  grant: SealedGrant,
  signal: AbortSignal,
  workspaceId: string,
): Promise<OwnCalendar[]> {
  const own: OwnCalendar[] = [];
  let pageToken: string | undefined;
  do {
    const params = { maxResults: MAX_RESULTS, showHidden: true, fields: LIST_FIELDS };
    const answer = await google.call(grant, signal, 'calendarList.list', (api, options) =>
      api.calendarList.list({ ...params, ...(pageToken ? { pageToken } : {}) }, options),
    );
    const page = listSchema.safeParse(answer);
    if (!page.success) throw malformedAnswer();
    for (const { id, description, timeZone, accessRole, deleted } of page.data.items ?? []) {
      const marked = description?.split(/\s+/).includes(markOf(workspaceId)) ?? false;
      if (marked && !deleted && accessRole === 'owner')
        own.push({ googleCalendarId: id, timeZone: timeZone || 'UTC' });
    }
    pageToken = page.data.nextPageToken ?? undefined;
  } while (pageToken);
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
