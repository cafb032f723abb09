import { Temporal } from 'temporal-polyfill';
import type { ReportNotice } from '../../contracts/notices.ts';
import { WEEKDAYS } from '../../scheduling/week-hours.ts';
import { startOfWeek } from '../reports/iso-week.ts';

/** Time for which an agenda is sent late. */
const AGENDA_LATE_HOURS = 4;
/** Time for which a report on the installation is sent late. */
const HEALTH_LATE_HOURS = 12;
/** From this hour on, the agenda is that of the next day. */
const NEXT_DAY_FROM_HOUR = 12;

/** When a notifier wants its reports, by the local clock. */
export interface ReportTime {
  notice: ReportNotice;
  hour: number;
  /** Day of the week of a weekly summary. */
  weekday: (typeof WEEKDAYS)[number];
}

/**
 * Day whose report is to be sent at an instant, by the local clock of its zone: that of an agenda, the Monday of a
 * summary's week, or the day of a report on the installation itself. Null: none. An hour that a change of the clocks leaves out begins with the next one; an
 * hour that comes twice has the same day.
 */
export function reportDayAt(
  at: Date,
  timeZone: string,
  { notice, hour, weekday }: ReportTime,
): string | null {
  const local = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
  const since = local.toPlainDateTime().subtract({ hours: hour });
  const date = since.toPlainDate();
  switch (notice) {
    case 'daily-agenda':
      if (since.hour >= AGENDA_LATE_HOURS) return null;
      return date.add({ days: hour < NEXT_DAY_FROM_HOUR ? 0 : 1 }).toString();
    case 'health-report':
      return since.hour < HEALTH_LATE_HOURS ? date.toString() : null;
    case 'weekly-summary':
      // It is up to a day late, and always that of the last full week.
      if (WEEKDAYS[date.dayOfWeek - 1] !== weekday) return null;
      return startOfWeek(date).subtract({ weeks: 1 }).toString();
  }
}
