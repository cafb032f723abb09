import { blocksTime } from '../../calendar/busy.ts';
import type { Database } from '../../prisma/client.ts';
import type { CalendarEvent } from '../../prisma/generated/client.ts';
import { type GoogleItem, type GoogleOccurrence, GoogleView } from './google-view.ts';
import type { Town } from './town.ts';

const DAY_MS = 86_400_000;
/** An occurrence in one line: its times, status, source and whether it is busy. */
const FIELDS_BEFORE_TITLE = 6;

/** Where mirror and Google are not the same. */
export interface Difference {
  workspaceId: string;
  calendarId: string;
  what: 'calendar' | 'event' | 'occurrence';
  /** `missing`: Google has it, the mirror does not. */
  how: 'missing' | 'surplus' | 'different';
  /** An event ID, or an occurrence's times and source. */
  item: string;
}

export interface Comparison {
  calendars: number;
  events: number;
  occurrences: number;
  differences: Difference[];
}

interface MirroredCalendar {
  id: string;
  workspaceId: string;
  googleCalendarId: string;
  accessRole: string;
  isPrimary: boolean;
  workspace: { eventDetail: string };
  syncState: { horizonFrom: Date | null; horizonTo: Date | null } | null;
}

/**
 * Compares every calendar of every account with what Google shows that account, row by row and occurrence by
 * occurrence.
 */
export async function compareWithGoogle(
  database: Database,
  googleUrl: string,
  town: Town,
): Promise<Comparison> {
  const comparison: Comparison = { calendars: 0, events: 0, occurrences: 0, differences: [] };
  for (const citizen of town.citizens) {
    const { workspaceId, email } = citizen;
    const google = await GoogleView.of(googleUrl, citizen);
    const listed = await google.calendarIds();
    const mirrored = await database.calendar.findMany({
      where: { workspaceId, account: { email } },
      include: { syncState: true, workspace: true },
    });
    const shown = mirrored.filter(({ status }) => status === 'active');
    const googleIdOf = new Map(mirrored.map(({ id, googleCalendarId }) => [id, googleCalendarId]));
    for (const { how, item } of setDifferences(
      listed,
      shown.map(({ googleCalendarId }) => googleCalendarId),
    )) {
      const calendarId = [...googleIdOf].find(([, googleId]) => googleId === item)?.[0] ?? 'unknown';
      comparison.differences.push({ workspaceId, calendarId, what: 'calendar', how, item: calendarId });
    }
    for (const calendar of mirrored) {
      if (calendar.status === 'active' && listed.includes(calendar.googleCalendarId)) {
        await compareCalendar(database, google, calendar, comparison);
      } else await expectNothingLeft(database, calendar, comparison);
    }
  }
  return comparison;
}

async function compareCalendar(
  database: Database,
  google: GoogleView,
  calendar: MirroredCalendar,
  comparison: Comparison,
): Promise<void> {
  const { id: calendarId, workspaceId, googleCalendarId, syncState } = calendar;
  comparison.calendars += 1;
  const note = (what: Difference['what']) => (found: SetDifference) =>
    comparison.differences.push({ workspaceId, calendarId, what, ...found });

  const truth = await google.events(googleCalendarId);
  const rows = await database.calendarEvent.findMany({ where: { calendarId } });
  comparison.events += truth.length;
  setDifferences(
    truth.map(({ id }) => id),
    rows.map(({ googleEventId }) => googleEventId),
  ).forEach(note('event'));
  const byId = new Map(truth.map((item) => [item.id, item]));
  for (const row of rows) {
    const item = byId.get(row.googleEventId);
    if (item === undefined) continue;
    for (const field of differingFields(row, item))
      note('event')({ how: 'different', item: `${row.googleEventId} ${field}` });
    for (const field of misjudgedFields(row, item, calendar.workspace.eventDetail))
      note('event')({ how: 'different', item: `${row.googleEventId} ${field} by its detail` });
  }

  const { horizonFrom, horizonTo } = syncState ?? {};
  if (!horizonFrom || !horizonTo) {
    note('calendar')({ how: 'different', item: 'has no horizon' });
    return;
  }
  // Yesterday's, until the daily roll has come.
  const daysAhead = (horizonTo.getTime() - Date.now()) / DAY_MS;
  if (daysAhead > 400 || daysAhead < 398 || horizonTo.getTime() - horizonFrom.getTime() !== 490 * DAY_MS)
    note('calendar')({
      how: 'different',
      item: `has the horizon of another day, up to ${horizonTo.toISOString()}`,
    });
  const isInside = insideOf(horizonFrom, horizonTo);
  const expanded = (await google.occurrences(googleCalendarId, horizonFrom, horizonTo))
    .map((event) => toLine(event, calendar.isPrimary || calendar.accessRole === 'owner'))
    .filter(isInside);
  const stored = await database.workspaceCalendarEvent.findMany({ where: { calendarId } });
  comparison.occurrences += expanded.length;
  const lines = stored.map((row) =>
    [
      moment(row.startAt, row.startDate),
      moment(row.endAt, row.endDate),
      row.status,
      row.sourceEventId,
      moment(row.originalStartAt, row.originalStartDate),
      row.busy ? 'busy' : 'free',
      row.title ?? '',
    ].join(' '),
  );
  for (const { how, item } of setDifferences(expanded, lines.filter(isInside))) {
    // Titles are private, even here.
    note('occurrence')({ how, item: item.split(' ').slice(0, FIELDS_BEFORE_TITLE).join(' ') });
  }
}

async function expectNothingLeft(
  database: Database,
  { id: calendarId, workspaceId }: MirroredCalendar,
  { differences }: Comparison,
): Promise<void> {
  const left = [
    { what: 'event', count: await database.calendarEvent.count({ where: { calendarId } }) },
    { what: 'occurrence', count: await database.workspaceCalendarEvent.count({ where: { calendarId } }) },
  ] as const;
  for (const { what, count } of left) {
    if (count === 0) continue;
    differences.push({ workspaceId, calendarId, what, how: 'surplus', item: `${count} of a lost calendar` });
  }
}

/** All that Google promises of a cancelled exception; sometimes it says more. */
const CANCELLED_FIELDS = ['id', 'etag', 'status', 'recurringEventId', 'originalStartTime'];

/** Fields of every other event that the mirror promises to its readers, if Google has them. */
const KEPT_FIELDS = [
  ...CANCELLED_FIELDS,
  'updated',
  'summary',
  'description',
  'location',
  'start',
  'end',
  'recurrence',
  'transparency',
  'visibility',
  'eventType',
  'attendees',
  'iCalUID',
  'sequence',
];

type StoredRow = Pick<
  CalendarEvent,
  'status' | 'etag' | 'seriesId' | 'startAt' | 'startDate' | 'endAt' | 'endDate' | 'resource'
>;

/** The fields and columns of a row that are not what Google has: lost, changed, or kept beyond their time. */
export function differingFields(row: StoredRow, item: GoogleItem): string[] {
  const isCancelled = item.status === 'cancelled';
  const stored = new Map(Object.entries(row.resource ?? {}));
  const sent = new Map(Object.entries(item));
  const looked = isCancelled ? CANCELLED_FIELDS : [...new Set([...KEPT_FIELDS, ...stored.keys()])];
  const fields = looked.filter((field) => !isStoredAsSent(stored.get(field), sent.get(field)));
  const columns = [
    { column: 'etag', is: row.etag, shouldBe: item.etag },
    { column: 'status', is: row.status, shouldBe: item.status },
    { column: 'series_id', is: row.seriesId, shouldBe: item.recurringEventId ?? null },
    { column: 'start', is: moment(row.startAt, row.startDate), shouldBe: momentOf(item.start) },
    { column: 'end', is: moment(row.endAt, row.endDate), shouldBe: momentOf(item.end) },
  ].filter(({ is, shouldBe }) => is !== shouldBe);
  // Google may or may not say when a cancelled exception would have been.
  const certain = columns.filter(({ column }) => !isCancelled || !['start', 'end'].includes(column));
  return [...fields, ...certain.map(({ column }) => `column ${column}`)];
}

/** The details that keep a field. */
const KEPT_FROM: Record<string, readonly string[]> = {
  htmlLink: ['standard', 'full'],
  conferenceData: ['standard', 'full'],
  reminders: ['full'],
  source: ['full'],
};

/** Fields that the workspace's detail keeps and the row lacks, or the other way round. */
function misjudgedFields({ resource }: Pick<StoredRow, 'resource'>, item: GoogleItem, detail: string) {
  if (item.status === 'cancelled') return [];
  const [stored, sent] = [new Map(Object.entries(resource ?? {})), new Map(Object.entries(item))];
  return Object.entries(KEPT_FROM).flatMap(([field, details]) =>
    stored.has(field) === (sent.has(field) && details.includes(detail)) ? [] : field,
  );
}

/** Every field that was kept, however deep, is the one that Google has. */
export function isStoredAsSent(stored: unknown, sent: unknown): boolean {
  if (typeof stored !== 'object' || stored === null) return stored === sent;
  if (typeof sent !== 'object' || sent === null) return false;
  if (Array.isArray(stored) && Array.isArray(sent) && stored.length !== sent.length) return false;
  const fields = new Map(Object.entries(sent));
  return Object.entries(stored).every(([field, value]) => isStoredAsSent(value, fields.get(field)));
}

type SetDifference = Pick<Difference, 'how' | 'item'>;

/** Both are multisets: what is there twice is a difference, too. */
export function setDifferences(truth: readonly string[], mirror: readonly string[]): SetDifference[] {
  const counts = new Map<string, number>();
  for (const item of truth) counts.set(item, (counts.get(item) ?? 0) + 1);
  for (const item of mirror) counts.set(item, (counts.get(item) ?? 0) - 1);
  return [...counts].flatMap(([item, count]) => {
    const how = count > 0 ? ('missing' as const) : ('surplus' as const);
    return Array.from({ length: Math.abs(count) }, () => ({ how, item }));
  });
}

const instant = (time: Date) => time.toISOString().replace('.000Z', 'Z');

function moment(time: Date | null, date: Date | null): string {
  if (time !== null) return instant(time);
  return date === null ? '-' : date.toISOString().slice(0, 10);
}

function momentOf(time: GoogleOccurrence['start'] | undefined): string {
  return time?.date ?? (time?.dateTime === undefined ? '-' : instant(new Date(time.dateTime)));
}

/**
 * Events of calendars owned by others take up no time. A primary calendar is its account's own, whatever the
 * role.
 */
function toLine(event: GoogleOccurrence, owned: boolean): string {
  const { id, status, start, end, recurringEventId, originalStartTime, summary } = event;
  return [
    momentOf(start),
    momentOf(end),
    status,
    recurringEventId ?? id,
    momentOf(originalStartTime),
    owned && blocksTime(event) ? 'busy' : 'free',
    summary ?? '',
  ].join(' ');
}

/**
 * Leaves out what begins or ends on a day at which the horizon begins or ends, or next to one: there the
 * mirror cuts all-day occurrences at a day of UTC, Google at a day of the calendar's zone.
 */
function insideOf(from: Date, to: Date): (line: string) => boolean {
  const edges = [from, to].flatMap((edge) =>
    [-1, 0, 1].map((days) => new Date(edge.getTime() + days * DAY_MS).toISOString().slice(0, 10)),
  );
  return (line) => !line.split(' ', 2).some((time) => edges.includes(time.slice(0, 10)));
}
