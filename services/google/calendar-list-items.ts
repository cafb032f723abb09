import { z } from 'zod';
import type { SealedGrant } from './sealed-grant.ts';
import { type GoogleCalendar, malformedAnswer } from './google-calendar.ts';

/** Google's hard limit. */
const MAX_RESULTS = 250;

interface ListSettings<Shape extends z.core.$ZodLooseShape> {
  /** Fields of an item, as in a `fields` mask. */
  fields: string;
  item: z.ZodObject<Shape>;
  /** Whether calendars that the user has hidden are included. Default: no, as in Google's own sidebar. */
  showHidden?: boolean;
}

/** Google's entry for a calendar that was removed from the list. Only this is a deletion; absence is not. */
const deletedSchema = z.object({ deleted: z.literal(true), id: z.string().min(1).nullish() });

/**
 * Entries of the account's calendar list, read page by page, without removed calendars.
 * @param onDeleted called with the ID of each calendar that Google reports as removed
 */
export async function* calendarListItems<Shape extends z.core.$ZodLooseShape>(
  google: GoogleCalendar,
  grant: SealedGrant,
  signal: AbortSignal,
  { fields, item, showHidden = false }: ListSettings<Shape>,
  onDeleted: (googleCalendarId: string) => void = () => undefined,
): AsyncGenerator<z.output<z.ZodObject<Shape>>> {
  const entry = z.union([deletedSchema, item]);
  const schema = z.object({ nextPageToken: z.string().nullish(), items: z.array(entry).nullish() });
  const params = { maxResults: MAX_RESULTS, showHidden, fields: `nextPageToken,items(deleted,${fields})` };
  let pageToken: string | undefined;
  do {
    const answer = await google.call(grant, signal, 'calendarList.list', (api, options) =>
      api.calendarList.list({ ...params, ...(pageToken ? { pageToken } : {}) }, options),
    );
    const page = schema.safeParse(answer);
    if (!page.success) throw malformedAnswer();
    for (const found of page.data.items ?? []) {
      if (!('deleted' in found)) yield found;
      else if (typeof found.id === 'string') onDeleted(found.id);
    }
    pageToken = page.data.nextPageToken ?? undefined;
  } while (pageToken);
}
