import { z } from 'zod';
import { Temporal } from 'temporal-polyfill';
import { MAX_AGENDA_ITEMS } from '../../contracts/limits.ts';
import { occurrenceSchema, type Occurrence } from '../reading/list-occurrences.ts';
import { instant } from '../shapes.ts';

const blockSchema = z.object({
  kind: z.enum(['task', 'habit']),
  title: z.string().nullable(),
  start: instant,
  end: instant,
});
const unplannedSchema = z.object({
  kind: z.enum(['task', 'habit']),
  refId: z.string().describe('The task or habit'),
  title: z.string(),
  minutes: z.number().describe('Minutes for which the latest plan found no time'),
});
const conflictSchema = z.object({
  start: instant,
  end: instant,
  titles: z.array(z.string().nullable()).describe('Of the two events'),
});

export const agendaSchema = z.object({
  workspaceId: z.string(),
  day: z.iso.date().describe("Day in the workspace's time zone"),
  timeZone: z.string(),
  provenAt: instant.nullable().describe('Instant since when the events are proven complete'),
  events: z
    .array(
      occurrenceSchema.pick({
        id: true,
        calendarId: true,
        title: true,
        start: true,
        end: true,
        allDay: true,
        status: true,
        busy: true,
      }),
    )
    .describe('Without planned blocks'),
  blocks: z.array(blockSchema).describe('Planned blocks'),
  unplanned: z.array(unplannedSchema).describe('What did not fit into the latest plan'),
  conflicts: z.array(conflictSchema).describe('Events that take up the same time'),
  narrative: z
    .string()
    .optional()
    .describe('The day in words of a language model. Absent: not asked for, not allowed, or it failed'),
  cut: z.boolean().describe(`Whether a list has more than its first ${MAX_AGENDA_ITEMS} items`),
});
export type Agenda = z.infer<typeof agendaSchema>;

export interface AgendaDay {
  workspaceId: string;
  day: string;
  timeZone: string;
  provenAt: string | null;
  /** Ordered by start. */
  events: readonly Occurrence[];
  blocks: readonly (z.infer<typeof blockSchema> & {
    calendarId: string | null;
    googleEventId: string | null;
  })[];
  unplanned: readonly z.infer<typeof unplannedSchema>[];
  /** Whether there are more events than these. */
  more: boolean;
}

const first = <T>(list: readonly T[]) => list.slice(0, MAX_AGENDA_ITEMS);

/** Makes the agenda of a day. Written blocks are events as well, and are shown as blocks. */
export function makeAgenda({ events: all, blocks, unplanned, more, ...day }: AgendaDay): Agenda {
  const written = new Set(blocks.map(({ calendarId, googleEventId }) => `${calendarId} ${googleEventId}`));
  const events = all.filter(
    ({ calendarId, googleEventId }) => !written.has(`${calendarId} ${googleEventId}`),
  );
  const conflicts = conflictsOf(events);
  const lists = [events, blocks, unplanned, conflicts];
  return {
    ...day,
    events: first(events).map(({ id, calendarId, title, start, end, allDay, status, busy }) => ({
      id,
      calendarId,
      title,
      start,
      end,
      allDay,
      status,
      busy,
    })),
    blocks: first(blocks).map(({ kind, title, start, end }) => ({ kind, title, start, end })),
    unplanned: first(unplanned),
    conflicts: first(conflicts),
    cut: more || lists.some((list) => list.length > MAX_AGENDA_ITEMS),
  };
}

/**
 * Pairs of timed events that take up the same time, one more than are shown at most. The same meeting in two
 * calendars is none.
 */
function conflictsOf(events: readonly Occurrence[]): Agenda['conflicts'] {
  const busy = events
    .filter(({ busy: takesTime, allDay }) => takesTime && !allDay)
    .map((event) => ({ ...event, from: msOf(event.start), to: msOf(event.end) }))
    .toSorted((a, b) => a.from - b.from);
  const conflicts: Agenda['conflicts'] = [];
  for (const [index, one] of busy.entries()) {
    for (const other of busy.slice(index + 1)) {
      if (other.from >= one.to) break;
      if (other.googleEventId === one.googleEventId && other.from === one.from) continue;
      const end = other.to < one.to ? other.end : one.end;
      conflicts.push({ start: other.start, end, titles: [one.title, other.title] });
      if (conflicts.length > MAX_AGENDA_ITEMS) return conflicts;
    }
  }
  return conflicts;
}

const msOf = (text: string) => Temporal.Instant.from(text).epochMilliseconds;
