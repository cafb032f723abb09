import { z } from 'zod';
import type { PurgeCalendarInput, PurgeCalendarResult } from '../contracts/planning-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { type GoogleCalendar, malformedAnswer } from '../services/google/google-calendar.ts';
import { GoogleCallError } from '../services/google/google-failure.ts';
import { deleteOwnCalendar, listOwnCalendars } from '../services/google/own-calendars.ts';
import {
  createOwnEvents,
  isMeeting,
  meetingFields,
  OWNERSHIP_FIELDS,
} from '../services/google/own-events.ts';
import { googleWork } from '../services/planning/write-back/google-work.ts';
import { isOwnEvent, OUR_APP } from '../services/planning/write-back/own-event-id.ts';
import { loadCalendar, type WritableCalendar } from '../services/planning/write-back/target-calendar.ts';

const DELETIONS_PER_BATCH = 25;
const PAGE = 2_500;
/** Statuses of an event that is deleted already, by a user or by an attempt whose answer was lost. */
const GONE = [404, 410];

function goneAsNull(error: unknown): null {
  if (error instanceof GoogleCallError && GONE.includes(error.failure.status ?? 0)) return null;
  throw error;
}

const pageSchema = z.object({
  nextPageToken: z.string().nullish(),
  items: z
    .array(
      z.object({
        id: z.string(),
        etag: z.string().nullish(),
        ...meetingFields,
        extendedProperties: z.object({ private: z.record(z.string(), z.string()).nullish() }).nullish(),
      }),
    )
    .nullish(),
});

/** Lists a calendar's events from Google itself: all of them, or only those with Almanac's mark. */
async function listMarked(
  google: GoogleCalendar,
  { grant, googleCalendarId }: WritableCalendar,
  signal: AbortSignal,
  onlyMarked: boolean,
): Promise<z.infer<typeof pageSchema>[]> {
  const pages: z.infer<typeof pageSchema>[] = [];
  let pageToken: string | undefined;
  do {
    const params = {
      calendarId: googleCalendarId,
      singleEvents: false,
      maxResults: PAGE,
      fields: `nextPageToken,items(${OWNERSHIP_FIELDS})`,
      ...(onlyMarked && { privateExtendedProperty: [`app=${OUR_APP}`] }),
      ...(pageToken && { pageToken }),
    };
    const page = pageSchema.safeParse(
      await google.call(grant, signal, 'events.list', (api, options) => api.events.list(params, options)),
    );
    if (!page.success) throw malformedAnswer();
    pages.push(page.data);
    pageToken = page.data.nextPageToken ?? undefined;
  } while (pageToken);
  return pages;
}

/**
 * Deletes the next events that Almanac has written to a calendar, whether the database knows them or not.
 * Copies made by people stay, and so do blocks that recur or have guests. A calendar that Almanac created is
 * deleted once it is empty.
 */
export function createPurgeCalendar({ database, google }: ActivityDependencies) {
  async function removeIfEmpty(
    workspaceId: string,
    calendar: WritableCalendar,
    signal: AbortSignal,
  ): Promise<void> {
    const own = await listOwnCalendars(google, calendar.grant, signal, workspaceId);
    if (!own.some(({ googleCalendarId }) => googleCalendarId === calendar.googleCalendarId)) return;
    const pages = await listMarked(google, calendar, signal, false);
    if (pages.some(({ items }) => items?.length)) return;
    await deleteOwnCalendar(google, calendar.grant, signal, calendar.googleCalendarId);
    // Marked as inaccessible, so that the next calendar list that lacks it removes its rows at once.
    await database.calendar.updateMany({
      where: { id: calendar.calendarId, status: 'active' },
      data: { status: 'inaccessible' },
    });
    await database.calendarAuthToken.updateMany({
      where: { id: calendar.grant.accountId },
      data: { calendarListDueAt: new Date(0) },
    });
  }

  async function purge(input: PurgeCalendarInput, signal: AbortSignal): Promise<PurgeCalendarResult> {
    const { workspaceId, calendarId } = input;
    const calendar = await loadCalendar(database, calendarId);
    if (calendar === null) return { outcome: 'done', deleted: 0 };
    const events = createOwnEvents(google, signal);
    const pages = await listMarked(google, calendar, signal, true).catch(goneAsNull);
    const ours = (pages ?? []).flatMap(({ items }) =>
      (items ?? []).filter(
        (item) => isOwnEvent(item.id, item.extendedProperties?.private) && !isMeeting(item),
      ),
    );
    const batch = ours.slice(0, DELETIONS_PER_BATCH);
    for (const { id: googleEventId, etag } of batch) {
      await events.delete({ ...calendar, googleEventId }, etag ?? null).catch(goneAsNull);
    }
    if (batch.length < ours.length) return { outcome: 'more', deleted: batch.length };
    await database.$executeRaw`
      update scheduled_blocks set status = 'deleted', etag = null, generation = generation + 1, updated_at = now()
      where calendar_id = ${calendarId}::uuid and status in ('planned', 'writing', 'written', 'released')`;
    if (pages !== null) await removeIfEmpty(workspaceId, calendar, signal);
    return { outcome: 'done', deleted: batch.length };
  }

  return async function purgeCalendar(input: PurgeCalendarInput): Promise<PurgeCalendarResult> {
    return googleWork((signal) => purge(input, signal));
  };
}
