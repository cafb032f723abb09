import type { Interval } from '../../calendar/availability/interval.ts';
import { MAX_SUMMARY_HABITS, MOST_SUMMARY_EVENTS } from '../../contracts/limits.ts';
import type { Database } from '../../prisma/client.ts';
import { readClock } from '../../prisma/read-clock.ts';
import { habitDates } from '../../scheduling/habit-days.ts';
import { workHoursWithin } from '../availability/work-hours.ts';
import { InvalidInputError } from '../errors.ts';
import { parseInput } from '../input.ts';
import { type EVENT_FIELDS, eventPages } from '../reading/list-occurrences.ts';
import { proofOf } from '../reading/proof.ts';
import { requireWorkspace } from '../workspaces.ts';
import { dayOf, daysWithin } from './civil-days.ts';
import { isoWeekSchema, requireMonday, startOfWeek, weekOf } from './iso-week.ts';
import { readPlacedBlocks } from './read-placed-blocks.ts';
import { makeSummary, type Summary, type SummaryEvent, type SummaryWeek } from './summary.ts';

const WEEK_DAYS = 7;
type Field = (typeof EVENT_FIELDS)[number];
const FIELDS: Field[] = ['start', 'end', 'googleCalendarId', 'googleEventId'];
const GUEST_FIELDS: Field[] = ['attendees', 'attendeesOmitted', 'organizer'];

/**
 * Reads the summary of an ISO week in the workspace's time zone.
 * @param week default: the last full week
 */
export async function readSummary(database: Database, workspaceId: string, week?: string): Promise<Summary> {
  const asked = parseInput(isoWeekSchema.optional(), week, 'week');
  const { timeZone } = await requireWorkspace(database, workspaceId);
  const now = await readClock(database);
  const monday =
    asked === undefined ? startOfWeek(dayOf(now, timeZone)).subtract({ weeks: 1 }) : requireMonday(asked);
  const span = daysWithin(monday, WEEK_DAYS, timeZone);
  const [from, to] = [monday.toString(), monday.add({ days: WEEK_DAYS }).toString()];
  const hours = await database.calendarHours.findMany({ where: { workspaceId, type: 'work' } });
  const { holdsWeek, ...mirror } = await readMirror(database, workspaceId, span);
  const range = { workspaceId, from, to, busy: true };
  return makeSummary({
    workspaceId,
    week: weekOf(monday),
    from,
    to,
    timeZone,
    ...mirror,
    now: now.getTime(),
    span,
    workHours: workHoursWithin([span])({ timeZone, hours }),
    events: holdsWeek ? await readBusyEvents(database, range, mirror.keepsGuests) : null,
    blocks: await readPlacedBlocks(database, workspaceId, span),
    ...(await readHabits(database, workspaceId, [from, monday.add({ days: WEEK_DAYS - 1 }).toString()], now)),
  });
}

/** What the mirror holds of the calendars that take up time. */
async function readMirror(database: Database, workspaceId: string, { start, end }: Interval) {
  const calendars = await database.calendar.findMany({
    where: { workspaceId, enabled: true, takesTime: true, status: { not: 'removed' } },
    select: {
      id: true,
      syncState: {
        select: { provenAt: true, horizonFrom: true, horizonTo: true, eventDetail: true, syncToken: true },
      },
    },
  });
  const { provenAt } = proofOf(
    calendars.map(({ id, syncState }) => ({
      workspaceId,
      calendarId: id,
      provenAt: syncState?.provenAt?.toISOString() ?? null,
    })),
  );
  const reaches = (from: Date | null, to: Date | null) =>
    from !== null && to !== null && from.getTime() <= start && to.getTime() >= end;
  return {
    provenAt,
    holdsWeek:
      provenAt !== null &&
      calendars.every(({ syncState: state }) => reaches(state!.horizonFrom, state!.horizonTo)),
    // While a calendar is listed anew with more detail, it has no token.
    keepsGuests: calendars.every(
      ({ syncState: state }) => state?.eventDetail !== 'minimal' && state?.syncToken != null,
    ),
  };
}

/** Events that take up time. Those of blocks are left out, except where they became meetings. */
async function readBusyEvents(
  database: Database,
  range: { workspaceId: string; from: string; to: string; busy: boolean },
  withGuests: boolean,
): Promise<SummaryEvent[]> {
  const events: SummaryEvent[] = [];
  const fields = withGuests ? [...FIELDS, ...GUEST_FIELDS] : FIELDS;
  for await (const page of eventPages(database, { ...range, fields })) {
    const blocks = await database.scheduledBlock.findMany({
      where: {
        workspaceId: range.workspaceId,
        googleEventId: { in: page.flatMap(({ googleEventId }) => googleEventId ?? []) },
        OR: [{ pinnedBecause: null }, { pinnedBecause: { not: 'meeting' } }],
      },
      select: { googleEventId: true, calendar: { select: { googleCalendarId: true } } },
    });
    const own = new Set(blocks.map((block) => `${block.calendar?.googleCalendarId} ${block.googleEventId}`));
    events.push(...page.filter((event) => !own.has(`${event.googleCalendarId} ${event.googleEventId}`)));
    if (events.length > MOST_SUMMARY_EVENTS)
      throw new InvalidInputError(
        'week',
        `must have at most ${MOST_SUMMARY_EVENTS} events that take up time`,
      );
  }
  return events;
}

/** Habits that want a day of the week, by their present rules. */
async function readHabits(
  database: Database,
  workspaceId: string,
  [first, last]: readonly [string, string],
  now: Date,
): Promise<Pick<SummaryWeek, 'habits' | 'more'>> {
  const days = { gte: new Date(first), lte: new Date(last) };
  const habits = await database.habit.findMany({
    where: { workspaceId, autoSchedule: true },
    select: {
      id: true,
      title: true,
      rrule: true,
      startDate: true,
      skips: { where: { day: days }, select: { day: true } },
      blocks: {
        where: { habitDay: days, status: 'written', endAt: { lte: now } },
        select: { habitDay: true },
      },
    },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: MAX_SUMMARY_HABITS + 1,
  });
  return {
    habits: habits
      .slice(0, MAX_SUMMARY_HABITS)
      .map(({ id, title, rrule, startDate, skips, blocks }) => ({
        id,
        title,
        wanted: habitDates(rrule, dateOf(startDate), first, last),
        skipped: skips.map(({ day }) => dateOf(day)),
        done: blocks.flatMap(({ habitDay }) => (habitDay === null ? [] : dateOf(habitDay))),
      }))
      .filter(({ wanted, done }) => wanted.length > 0 || done.length > 0),
    more: habits.length > MAX_SUMMARY_HABITS,
  };
}

const dateOf = (day: Date) => day.toISOString().slice(0, 10);
