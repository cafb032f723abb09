import type { Availability } from '../../data/availability.ts';

type Kind = 'busy' | 'movable' | 'slot';

export interface Bar {
  kind: Kind;
  start: string;
  end: string;
  /** Distance from midnight and length, in percent of the day. */
  from: number;
  share: number;
}

interface Span {
  kind: Kind;
  start: string;
  end: string;
}

interface Day {
  /** Midnight of the reader. */
  start: string;
  lanes: { name: string; bars: Bar[] }[];
}

/** Lane of the slots. */
const SLOTS = 'can meet';
const MOST_DAYS = 31;

/** Days of the reader on which something is known, each with a lane for every person. */
export function daysOf({ people, slots = [] }: Availability): Day[] {
  const lanes = [
    ...people.map(({ workspaceId, busy, movable = [] }) => ({
      name: workspaceId,
      spans: [
        ...busy.map((span): Span => ({ ...span, kind: 'busy' })),
        ...movable.map((span): Span => ({ ...span, kind: 'movable' })),
      ],
    })),
    { name: SLOTS, spans: slots.map(({ start, end }): Span => ({ start, end, kind: 'slot' })) },
  ];
  const all = lanes.flatMap(({ spans }) => spans);
  if (all.length === 0) return [];
  const last = Math.max(...all.map(({ end }) => Date.parse(end)));
  const days: Day[] = [];
  let midnight = midnightOf(Math.min(...all.map(({ start }) => Date.parse(start))));
  while (midnight.getTime() < last && days.length < MOST_DAYS) {
    const next = new Date(midnight);
    next.setDate(next.getDate() + 1);
    const [from, to] = [midnight.getTime(), next.getTime()];
    days.push({
      start: midnight.toISOString(),
      lanes: lanes.map(({ name, spans }) => ({ name, bars: spans.flatMap((span) => cut(span, from, to)) })),
    });
    midnight = next;
  }
  return days;
}

function midnightOf(instantMs: number): Date {
  const midnight = new Date(instantMs);
  midnight.setHours(0, 0, 0, 0);
  return midnight;
}

/** The part of a span that lies in a day. */
function cut({ kind, start, end }: Span, from: number, to: number): Bar[] {
  const [begin, stop] = [Math.max(Date.parse(start), from), Math.min(Date.parse(end), to)];
  if (begin >= stop) return [];
  const percent = 100 / (to - from);
  return [{ kind, start, end, from: (begin - from) * percent, share: (stop - begin) * percent }];
}
