import { z } from 'zod';
import type { SealedGrant } from './sealed-grant.ts';
import { type GoogleCalendar, malformedAnswer } from './google-calendar.ts';

/** Google's hard limit. */
const MAX_RESULTS = 250;

interface ListSettings<Shape extends z.core.$ZodLooseShape> {
  /** Of an item, as a `fields` mask names them. */
  fields: string;
  item: z.ZodObject<Shape>;
  /** Default: calendars that the user has hidden are left out, as in Google's own sidebar. */
  showHidden?: boolean;
}

/** What Google says of a calendar that was taken off the list: so much is a deletion, an absence is none. */
const deletedSchema = z.object({ deleted: z.literal(true), id: z.string().min(1).nullish() });

/**
 * The entries of the account's calendar list, page by page, without those that were removed.
 * @param onDeleted is given the ID of each that Google says was removed
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
