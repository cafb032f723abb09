import { z } from 'zod';
import type { SealedGrant } from './access-tokens.ts';
import { type GoogleCalendar, malformedAnswer } from './google-calendar.ts';

/** Google's hard limit. */
const MAX_RESULTS = 250;
const FIELDS = 'nextPageToken,items(id,summary,summaryOverride,timeZone,accessRole,primary,deleted)';

const calendarListSchema = z.object({
  nextPageToken: z.string().nullish(),
  items: z
    .array(
      z.object({
        id: z.string().min(1),
        summary: z.string().nullish(),
        summaryOverride: z.string().nullish(),
        timeZone: z.string().nullish(),
        accessRole: z.string().nullish(),
        primary: z.boolean().nullish(),
        deleted: z.boolean().nullish(),
      }),
    )
    .nullish(),
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

/** Every calendar in the account's list, hidden ones left out as in Google's own sidebar. */
export async function listCalendars(
  google: GoogleCalendar,
  grant: SealedGrant,
  signal: AbortSignal,
): Promise<ListedCalendar[]> {
  const calendars = new Map<string, ListedCalendar>();
  let pageToken: string | undefined;
  do {
    const answer = await google.call(grant, signal, 'calendarList.list', (api, options) =>
      api.calendarList.list(
        { maxResults: MAX_RESULTS, fields: FIELDS, ...(pageToken ? { pageToken } : {}) },
        options,
      ),
    );
    const page = calendarListSchema.safeParse(answer);
    if (!page.success) throw malformedAnswer();
    for (const item of page.data.items ?? []) {
      if (item.deleted) continue;
      calendars.set(item.id, {
        googleCalendarId: item.id,
        summary: item.summaryOverride || item.summary || '',
        timeZone: item.timeZone || 'UTC',
        accessRole: item.accessRole || 'reader',
        isPrimary: item.primary ?? false,
      });
    }
    pageToken = page.data.nextPageToken ?? undefined;
  } while (pageToken);
  return [...calendars.values()];
}
