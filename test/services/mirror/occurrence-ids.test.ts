import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { replaceOccurrences } from '../../../services/mirror/write-occurrences.ts';
import { connectCalendar } from '../../support/connected-calendar.ts';
import { pullAll } from '../../support/run-activity.ts';
import { startSyncStack, type SyncStack } from '../../support/sync-stack.ts';

let stack: SyncStack;

beforeAll(async () => {
  stack = await startSyncStack();
});
afterAll(() => stack.close());

const DAY_MS = 86_400_000;
const day = (number: number) => new Date(Date.now() + number * DAY_MS).toISOString().slice(0, 10);
const timed = (date: string) => ({
  start: { dateTime: `${date}T09:30:00Z`, timeZone: 'Asia/Kolkata' },
  end: { dateTime: `${date}T10:00:00Z`, timeZone: 'Asia/Kolkata' },
});
const compact = (date: string) => date.replaceAll('-', '');

/** A row as text: what it shows, of which item, and which occurrence of its series it stands for. */
const line = (id: string, event: string, source: string, start: string, original: string | null) =>
  [id, event, source, start, original ?? ''].join(' ');

it('names occurrences by calendar and key, so that a rebuilt read model has the same IDs', async () => {
  const calendar = await connectCalendar(stack);
  const insert = async (event: object) => (await stack.google.insertEvent(calendar.google, event)).id;
  const single = await insert({ summary: 'Once', ...timed(day(1)) });
  const recurrence = ['RRULE:FREQ=DAILY;COUNT=3'];
  const series = await insert({ summary: 'Daily', ...timed(day(2)), recurrence });
  const allDay = await insert({ start: { date: day(2) }, end: { date: day(3) }, recurrence });
  const moved = `${series}_${compact(day(3))}T093000Z`;
  await stack.google.patchEvent(calendar.google, moved, timed(day(9)));
  await pullAll(stack, calendar.id);

  const rows = await stack.database.workspaceCalendarEvent.findMany({ where: { calendarId: calendar.id } });
  const idOf = (key: string) => createHash('md5').update(`${calendar.id}/${key}`).digest('hex');
  const iso = (time: Date | null, date: Date | null) =>
    (time ?? date)?.toISOString().slice(0, time ? 16 : 10) ?? null;
  expect(
    rows
      .map((row) => {
        const start = iso(row.startAt, row.startDate) ?? '';
        const original = iso(row.originalStartAt, row.originalStartDate);
        return line(row.id.replaceAll('-', ''), row.googleEventId, row.sourceEventId, start, original);
      })
      .toSorted(),
  ).toEqual(
    [
      line(idOf(single), single, single, `${day(1)}T09:30`, null),
      line(idOf(moved), moved, series, `${day(9)}T09:30`, `${day(3)}T09:30`),
      ...[2, 4].map((number) => {
        const key = `${series}_${compact(day(number))}T093000Z`;
        return line(idOf(key), series, series, `${day(number)}T09:30`, `${day(number)}T09:30`);
      }),
      ...[2, 3, 4].map((number) => {
        const key = `${allDay}_${compact(day(number))}`;
        return line(idOf(key), allDay, allDay, day(number), day(number));
      }),
    ].toSorted(),
  );
});

it('shows the series where another event has the ID of one of its occurrences', async () => {
  const { id: calendarId } = await connectCalendar(stack);
  const { workspaceId } = await stack.database.calendar.findUniqueOrThrow({ where: { id: calendarId } });
  const described = {
    title: null,
    status: 'confirmed',
    traits: [],
    eventType: 'default',
    allDay: false,
  } as const;
  const [start, end] = [day(1), day(2)].map((date) => ({ dateTime: `${date}T09:30:00Z`, timeZone: 'UTC' }));
  const id = `series_${compact(day(1))}T093000Z`;
  const stray = { ...described, key: id, googleEventId: id, sourceEventId: id, originalStart: null };
  const startsMs = [1, 2].map((number) => Date.parse(`${day(number)}T09:30:00Z`));
  const plain = { ...described, sourceEventId: 'series', startsMs, durationMs: DAY_MS };

  await stack.database.$transaction((transaction) =>
    replaceOccurrences(transaction, { workspaceId, calendarId }, ['series', id], {
      plain: [plain],
      own: [{ ...stray, start: start!, end: end! }],
      tooCostly: [],
    }),
  );
  const rows = await stack.database.workspaceCalendarEvent.findMany({ where: { calendarId } });
  expect(rows.map((row) => row.googleEventId)).toEqual(['series', 'series']);
});
