import type { Plan, PlanInput, PlannedBlock } from '../scheduling/index.ts';
import { type CivilWindow, civilWindow, instantToMinute, minuteToInstant } from '../scheduling/civil-time.ts';
import { openHours } from '../scheduling/open-hours.ts';
import { clip, type Span, subtract, totalMinutes, unite } from '../scheduling/spans.ts';

export type AgendaRow = { start: string; end: string } & (
  { what: 'block'; block: PlannedBlock } | { what: 'busy' } | { what: 'free' }
);

export interface AgendaDay {
  /** Date in the plan's time zone: `2026-01-05`. */
  date: string;
  /** Rows in order of time. */
  rows: AgendaRow[];
  minutes: { planned: number; busy: number; free: number };
}

/**
 * Days of a plan. Overlapping busy times are merged. Free time is the part of the allowed hours, from now on,
 * that the plan leaves unused.
 */
export function agendaDays(plan: Plan, input: PlanInput): AgendaDay[] {
  const window = civilWindow(input.now, input.timeZone, input.days);
  const toSpan = (start: string, end: string): Span => ({
    start: instantToMinute(window, start),
    end: instantToMinute(window, end),
  });
  const blocks = plan.blocks.map((block) => ({ block, ...toSpan(block.start, block.end) }));
  const busy = unite(input.busy.map(([start, end]) => toSpan(start, end)));
  const types = new Set([...input.tasks, ...input.habits].map(({ hours }) => hours));
  const open = unite([...types].flatMap((type) => openHours(window, input.hours[type] ?? {})));
  const free = subtract(
    clip(open, Math.max(0, instantToMinute(window, input.now)), window.minutes),
    unite([...blocks, ...busy]),
  );

  return window.days.map(({ date, startMinute, endMinute }) => {
    const today = (spans: readonly Span[]) => clip(spans, startMinute, endMinute);
    const rows: AgendaRow[] = [
      ...today(busy).map((span) => ({ ...toRow(window, span), what: 'busy' as const })),
      ...today(free).map((span) => ({ ...toRow(window, span), what: 'free' as const })),
      // A block that crosses midnight appears on the day it starts.
      ...blocks
        .filter(({ start }) => start >= startMinute && start < endMinute)
        .map(({ block }) => ({ start: block.start, end: block.end, what: 'block' as const, block })),
    ];
    return {
      date,
      rows: rows.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start)),
      minutes: {
        planned: totalMinutes(today(blocks)),
        busy: totalMinutes(today(busy)),
        free: totalMinutes(today(free)),
      },
    };
  });
}

function toRow(window: CivilWindow, { start, end }: Span): { start: string; end: string } {
  return { start: minuteToInstant(window, start), end: minuteToInstant(window, end) };
}
