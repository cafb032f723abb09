import type { GoogleEvent } from '../../calendar/google-event.ts';
import type { Database } from '../../prisma/client.ts';
import type { MirroredItem, MirroredOccurrence } from '../peers/gcal-sync.ts';

function text(time: Date | null, date: Date | null): string | null {
  return time?.toISOString().replace('.000Z', 'Z') ?? date?.toISOString().slice(0, 10) ?? null;
}

function moment(time: GoogleEvent['start']): string | null {
  if (!time) return null;
  return time.date ?? new Date(time.dateTime ?? '').toISOString().replace('.000Z', 'Z');
}

/** Almanac's rows of a calendar: times from its own columns, other fields as Google sent them. */
export async function readItems(database: Database, googleCalendarId: string): Promise<MirroredItem[]> {
  const rows = await database.calendarEvent.findMany({ where: { calendar: { googleCalendarId } } });
  return rows.map((row) => {
    const event = row.resource as unknown as GoogleEvent;
    return {
      id: row.googleEventId,
      status: row.status,
      summary: event.summary ?? '',
      start: text(row.startAt, row.startDate),
      end: text(row.endAt, row.endDate),
      recurrence: event.recurrence ?? [],
      seriesId: row.seriesId,
      originalStart: moment(event.originalStartTime),
    };
  });
}

/** The read model of a calendar, and the horizon that it covers. */
export async function readOccurrences(
  database: Database,
  googleCalendarId: string,
): Promise<{ from: string; to: string; occurrences: MirroredOccurrence[] }> {
  const where = { calendar: { googleCalendarId } };
  const { horizonFrom, horizonTo } = await database.calendarSyncState.findFirstOrThrow({ where });
  const rows = await database.workspaceCalendarEvent.findMany({ where });
  return {
    from: text(horizonFrom, null) ?? '',
    to: text(horizonTo, null) ?? '',
    occurrences: rows.map((row) => ({
      summary: row.title ?? '',
      start: text(row.startAt, row.startDate) ?? '',
      end: text(row.endAt, row.endDate) ?? '',
    })),
  };
}
