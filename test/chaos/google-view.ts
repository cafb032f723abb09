import { z } from 'zod';
import { CLIENT_SECRET } from './canary.ts';
import type { Citizen } from './town.ts';

const PAGE_SIZE = 2_500;

const timeSchema = z.looseObject({ date: z.string().optional(), dateTime: z.string().optional() });
const itemSchema = z.looseObject({
  id: z.string(),
  etag: z.string().optional(),
  status: z.string().optional(),
  recurringEventId: z.string().optional(),
  start: timeSchema.optional(),
  end: timeSchema.optional(),
});
const pageSchema = z.object({
  items: z.array(itemSchema).optional(),
  nextPageToken: z.string().optional(),
});

const occurrenceSchema = z.looseObject({
  id: z.string(),
  status: z.string(),
  summary: z.string().optional(),
  recurringEventId: z.string().optional(),
  originalStartTime: timeSchema.optional(),
  start: timeSchema,
  end: timeSchema,
  transparency: z.string().optional(),
  eventType: z.string().optional(),
  attendees: z
    .array(z.looseObject({ self: z.boolean().optional(), responseStatus: z.string().optional() }))
    .optional(),
});

export type GoogleItem = z.infer<typeof itemSchema>;
export type GoogleOccurrence = z.infer<typeof occurrenceSchema>;

/** Google's view of one account, read over plain HTTP without code of Almanac. */
export class GoogleView {
  private readonly url: string;
  private readonly accessToken: string;

  private constructor(url: string, accessToken: string) {
    this.url = url;
    this.accessToken = accessToken;
  }

  static async of(url: string, { refreshToken }: Citizen): Promise<GoogleView> {
    const response = await fetch(`${url}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'almanac-dev',
        client_secret: CLIENT_SECRET,
        refresh_token: refreshToken,
      }),
    });
    const answer = z.object({ access_token: z.string() }).parse(await response.json());
    return new GoogleView(url, answer.access_token);
  }

  async calendarIds(): Promise<string[]> {
    const items = await this.list('/calendar/v3/users/me/calendarList', { maxResults: '250' });
    return items.map(({ id }) => id);
  }

  /** Masters, exceptions and single events. */
  events(calendarId: string): Promise<GoogleItem[]> {
    return this.list(eventsPath(calendarId), { maxResults: String(PAGE_SIZE) });
  }

  /** The same calendar as Google expands it. */
  async occurrences(calendarId: string, from: Date, to: Date): Promise<GoogleOccurrence[]> {
    const items = await this.list(eventsPath(calendarId), {
      maxResults: String(PAGE_SIZE),
      singleEvents: 'true',
      timeMin: from.toISOString(),
      timeMax: to.toISOString(),
    });
    return z.array(occurrenceSchema).parse(items);
  }

  private async list(path: string, query: Record<string, string>): Promise<GoogleItem[]> {
    const items: GoogleItem[] = [];
    for (let pageToken: string | undefined; ;) {
      const parameters = new URLSearchParams({ ...query, ...(pageToken !== undefined && { pageToken }) });
      const response = await fetch(`${this.url}${path}?${parameters.toString()}`, {
        headers: { authorization: `Bearer ${this.accessToken}` },
      });
      if (!response.ok) throw new Error(`The emulator answered ${response.status} to the comparison.`);
      const page = pageSchema.parse(await response.json());
      items.push(...(page.items ?? []));
      if (page.nextPageToken === undefined) return items;
      pageToken = page.nextPageToken;
    }
  }
}

function eventsPath(calendarId: string): string {
  return `/calendar/v3/calendars/${encodeURIComponent(calendarId)}/events`;
}
