import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import type { EventResource } from '../../../emulator/admin.ts';
import type { CalendarApi } from './start.ts';

type Event = calendar_v3.Schema$Event;
type ListParams = calendar_v3.Params$Resource$Events$List;

/** All pages of a listing. */
export async function listAll(api: CalendarApi, params: ListParams) {
  const pages: Event[][] = [];
  let pageToken: string | undefined;
  for (;;) {
    const { data } = await api.events.list({ ...params, ...(pageToken && { pageToken }) });
    pages.push(data.items ?? []);
    if (!data.nextPageToken)
      return { pages, items: pages.flat(), syncToken: data.nextSyncToken ?? undefined };
    pageToken = data.nextPageToken;
  }
}

/** A textbook sync client: applies increments to a map and drops the exceptions of deleted series. */
export class Mirror {
  readonly events = new Map<string, Event>();
  syncToken: string | undefined;
  private readonly api: CalendarApi;
  private readonly calendarId: string;

  constructor(api: CalendarApi, calendarId = 'primary') {
    this.api = api;
    this.calendarId = calendarId;
  }

  async sync(maxResults = 2500): Promise<Event[]> {
    const token = this.syncToken === undefined ? {} : { syncToken: this.syncToken };
    const { items, syncToken } = await listAll(this.api, {
      calendarId: this.calendarId,
      maxResults,
      ...token,
    });
    for (const item of items) this.apply(item);
    this.syncToken = syncToken;
    return items;
  }

  private apply(item: Event): void {
    const id = item.id!;
    if (item.status !== 'cancelled') {
      this.events.set(id, item);
      return;
    }
    if (item.recurringEventId) this.events.set(id, item);
    else this.events.delete(id);
    for (const [otherId, other] of this.events)
      if (other.recurringEventId === id) this.events.delete(otherId);
  }

  /**
   * ID to state, for comparison with the emulator's own list. Tombstones of exceptions say nothing by
   * themselves.
   */
  live(): Record<string, string> {
    return liveById([...this.events.values()]);
  }
}

/** Live events by ID with their ETags. */
export function liveById(events: (Event | EventResource)[]): Record<string, string> {
  const live = events
    .filter((event) => event.status !== 'cancelled')
    .map((event) => [event.id!, event.etag!]);
  return Object.fromEntries(live.toSorted(([a], [b]) => (a! < b! ? -1 : 1)));
}
