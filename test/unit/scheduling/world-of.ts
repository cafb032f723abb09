import { parsePlanInput, type Plan, type PlanInput } from '../../../scheduling/index.ts';

/** A week from Monday 2026-01-05 08:00 in UTC, with hours 09–12 and 13–17 every day unless said. */
export function worldOf(overrides: object = {}): PlanInput {
  const day = [
    ['09:00', '12:00'],
    ['13:00', '17:00'],
  ];
  return parsePlanInput({
    timeZone: 'UTC',
    now: '2026-01-05T08:00:00Z',
    days: 7,
    hours: { work: { mon: day, tue: day, wed: day, thu: day, fri: day } },
    ...overrides,
  });
}

/** `t1 05 09:00–10:00` for each block. */
export function agenda({ blocks }: Plan): string[] {
  return blocks.map(
    ({ refId, start, end }) => `${refId} ${start.slice(8, 10)} ${start.slice(11, 16)}–${end.slice(11, 16)}`,
  );
}

/** The instant at which the clock shows a time on a day of January 2026. */
export function at(day: number, clock: string): string {
  return `2026-01-${String(day).padStart(2, '0')}T${clock}:00Z`;
}

export function current({ blocks }: Plan) {
  return blocks.map(({ id, kind, refId, start, end, pinned }) => ({ id, kind, refId, start, end, pinned }));
}
