import { expect } from 'vitest';
import type { SyncStack } from './sync-stack.ts';

const DAY_MS = 86_400_000;

export interface CalendarRow {
  id: string;
  workspaceId: string;
  googleCalendarId: string;
}

/** The row of a Google calendar, which has to be there. */
export async function calendarRow({ database }: SyncStack, googleCalendarId: string): Promise<CalendarRow> {
  return database.calendar.findFirstOrThrow({ where: { googleCalendarId } });
}

const text = (time: Date | null, date: Date | null) =>
  time?.toISOString().replace('.000Z', 'Z') ?? date?.toISOString().slice(0, 10) ?? '';

/** Occurrences in the read model, as lines that are easy to compare and to read. */
export async function mirroredOccurrences(
  { database }: SyncStack,
  googleCalendarId: string,
): Promise<string[]> {
  const rows = await database.workspaceCalendarEvent.findMany({ where: { calendar: { googleCalendarId } } });
  return rows
    .map((row) => `${text(row.startAt, row.startDate)} ${text(row.endAt, row.endDate)} ${row.title ?? ''}`)
    .toSorted();
}

function instant(time: { dateTime?: string; date?: string } | undefined): string {
  return time?.date ?? new Date(time?.dateTime ?? '').toISOString().replace('.000Z', 'Z');
}

/** The emulator's occurrences over the horizon of the calendar. */
async function googleOccurrences(
  { database, google }: SyncStack,
  googleCalendarId: string,
): Promise<string[]> {
  const { horizonFrom, horizonTo } = await database.calendarSyncState.findFirstOrThrow({
    where: { calendar: { googleCalendarId } },
  });
  const truth = await google.listOccurrences(
    googleCalendarId,
    horizonFrom?.toISOString() ?? '',
    horizonTo?.toISOString() ?? '',
  );
  return truth
    .map((event) => `${instant(event.start)} ${instant(event.end)} ${event.summary ?? ''}`)
    .toSorted();
}

/** Rows of `calendar_events`, as ID, etag and status. */
export async function mirroredEvents({ database }: SyncStack, googleCalendarId: string): Promise<string[]> {
  const rows = await database.calendarEvent.findMany({ where: { calendar: { googleCalendarId } } });
  return rows.map(({ googleEventId, etag, status }) => `${googleEventId} ${etag} ${status}`).toSorted();
}

/**
 * The days on which the horizon begins and ends, and their neighbours. There the two may differ: the mirror
 * cuts all-day occurrences at a day of UTC, the emulator at a day of the calendar's zone.
 */
async function horizonEdges({ database }: SyncStack, googleCalendarId: string): Promise<string[]> {
  const { horizonFrom, horizonTo } = await database.calendarSyncState.findFirstOrThrow({
    where: { calendar: { googleCalendarId } },
  });
  return [horizonFrom, horizonTo].flatMap((edge) =>
    edge === null
      ? []
      : [-1, 0, 1].map((days) => new Date(edge.getTime() + days * DAY_MS).toISOString().slice(0, 10)),
  );
}

/** Asserts that every row and occurrence of a calendar equals Google's. */
export async function expectMirrorEqualsGoogle(stack: SyncStack, googleCalendarId: string): Promise<void> {
  const truth = await stack.google.listEvents(googleCalendarId);
  expect(await mirroredEvents(stack, googleCalendarId)).toEqual(
    truth.map(({ id, etag, status }) => `${id} ${etag} ${status}`).toSorted(),
  );
  const edges = await horizonEdges(stack, googleCalendarId);
  const wellInside = (line: string) =>
    !edges.some((edge) => line.split(' ').some((part) => part.startsWith(edge)));
  expect((await mirroredOccurrences(stack, googleCalendarId)).filter(wellInside)).toEqual(
    (await googleOccurrences(stack, googleCalendarId)).filter(wellInside),
  );
}
