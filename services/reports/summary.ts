import { z } from 'zod';
import { type Interval, intersect, merge, subtract } from '../../calendar/availability/interval.ts';
import { MINUTE_MS } from '../../contracts/durations.ts';
import { FOCUS_MINUTES, MAX_SUMMARY_HABITS } from '../../contracts/limits.ts';
import { toInstant } from '../input.ts';
import type { PickedEvent } from '../reading/list-occurrences.ts';
import { instant } from '../shapes.ts';
import { countBlocks, type PlacedBlock, planKeptSchema } from './plan-kept.ts';

const habitSchema = z.object({
  habitId: z.string(),
  title: z.string(),
  wanted: z.int().describe('Days of the week that its rule names'),
  done: z.int().describe('Days whose block is over and still in Google'),
  skipped: z.int().describe('Wanted days that people skipped'),
});

export const summarySchema = z.object({
  workspaceId: z.string(),
  week: z.string().describe('ISO week, such as 2026-W48'),
  from: z.iso.date().describe("Monday, in the workspace's time zone"),
  to: z.iso.date().describe('Monday after it, exclusive'),
  timeZone: z.string(),
  provenAt: instant.nullable().describe('Instant since when the events are proven complete'),
  busyMinutes: z
    .number()
    .nullable()
    .describe('Time of events that take up time; null: the mirror does not hold the whole week'),
  meetingMinutes: z
    .number()
    .nullable()
    .describe('Busy time with other guests; null also where guests of some events are not kept (`minimal`)'),
  workMinutes: z.number().describe('Length of the working hours'),
  focusMinutes: z
    .number()
    .nullable()
    .describe(`Working hours in free stretches of ${FOCUS_MINUTES} minutes at least; null as for busy time`),
  plan: planKeptSchema,
  habits: z.array(habitSchema),
  cut: z.boolean().describe(`Whether there are more habits than the first ${MAX_SUMMARY_HABITS}`),
});
export type Summary = z.infer<typeof summarySchema>;

/** An event that takes up time and is no block of the plan. */
export type SummaryEvent = Pick<
  PickedEvent,
  'start' | 'end' | 'attendees' | 'attendeesOmitted' | 'organizer'
>;

export interface SummaryWeek extends Pick<
  Summary,
  'workspaceId' | 'week' | 'from' | 'to' | 'timeZone' | 'provenAt'
> {
  now: number;
  span: Interval;
  workHours: readonly Interval[];
  /** Null: the mirror does not hold the whole week. */
  events: readonly SummaryEvent[] | null;
  /** Whether guests of every event are kept. */
  keepsGuests: boolean;
  blocks: readonly PlacedBlock[];
  habits: readonly { id: string; title: string; wanted: string[]; skipped: string[]; done: string[] }[];
  /** Whether there are more habits than these. */
  more: boolean;
}

const minutesOf = (intervals: readonly Interval[]) =>
  Math.round(intervals.reduce((sum, { start, end }) => sum + end - start, 0) / MINUTE_MS);

const isFocus = ({ start, end }: Interval) => end - start >= FOCUS_MINUTES * MINUTE_MS;

/** Whether other people take part. A room is none, and guests who are hidden have an organizer. */
function isMeeting({ attendees = [], attendeesOmitted, organizer }: SummaryEvent): boolean {
  const isInvited = attendees.length > 0 && organizer !== undefined && organizer.self !== true;
  return attendeesOmitted === true || isInvited || attendees.some(({ self, resource }) => !self && !resource);
}

/** Makes the summary of a week. */
export function makeSummary({
  now,
  span,
  workHours,
  events,
  keepsGuests,
  blocks,
  habits,
  more,
  ...week
}: SummaryWeek): Summary {
  const within = (list: readonly SummaryEvent[]) =>
    intersect(merge(list.map((event) => intervalOf(event, week.timeZone))), [span]);
  const work = intersect(merge(workHours), [span]);
  const busy = events === null ? null : within(events);
  return {
    ...week,
    busyMinutes: busy && minutesOf(busy),
    meetingMinutes: events && keepsGuests ? minutesOf(within(events.filter(isMeeting))) : null,
    workMinutes: minutesOf(work),
    focusMinutes: busy && minutesOf(subtract(work, busy).filter(isFocus)),
    plan: countBlocks(blocks, now),
    habits: habits.map(({ id, title, wanted, skipped, done }) => ({
      habitId: id,
      title,
      wanted: wanted.length,
      done: new Set(done).size,
      skipped: wanted.filter((day) => skipped.includes(day)).length,
    })),
    cut: more,
  };
}

function intervalOf({ start = '', end = '' }: SummaryEvent, timeZone: string): Interval {
  const [from, until] = [start, end].map((time) => toInstant(time, timeZone).epochMilliseconds);
  return { start: from!, end: until! };
}
