import { Temporal } from 'temporal-polyfill';

/** Half-open span of a plan: whole days of the workspace's zone, from today. */
export interface PlanWindow {
  start: Date;
  end: Date;
  /** Local dates, both inclusive. */
  firstDay: string;
  lastDay: string;
}

export function planWindow(now: Date, timeZone: string, days: number): PlanWindow {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
  const midnight = (date: Temporal.PlainDate) => new Date(date.toZonedDateTime(timeZone).epochMilliseconds);
  return {
    start: midnight(today),
    end: midnight(today.add({ days })),
    firstDay: today.toString(),
    lastDay: today.add({ days: days - 1 }).toString(),
  };
}
