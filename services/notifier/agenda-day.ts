import { Temporal } from 'temporal-polyfill';

/** Time for which an agenda is sent late. */
export const AGENDA_LATE_HOURS = 4;
/** From this hour on, the agenda is that of the next day. */
export const NEXT_DAY_FROM_HOUR = 12;

/**
 * Day whose agenda is to be sent at an instant, by the local clock of its zone. Null: none. An hour that a change
 * of the clocks leaves out begins with the next one; an hour that comes twice has the same day.
 */
export function agendaDayAt(at: Date, timeZone: string, hour: number): string | null {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  const since = local.toPlainDateTime().subtract({ hours: hour });
  if (since.hour >= AGENDA_LATE_HOURS) return null;
  return since
    .toPlainDate()
    .add({ days: hour < NEXT_DAY_FROM_HOUR ? 0 : 1 })
    .toString();
}
