import { GoogleError, invalidBody } from '../http/google-error.ts';
import { dateTimeToMs, dateToMs, eventTimeMs } from '../recurrence/event-time.ts';
import { formatInstant, isTimeZone } from '../recurrence/zones.ts';
import type { EventTime } from '../state/types.ts';
import { isRecord } from '../http/request-parts.ts';

type TimeField = 'start' | 'end' | 'original start';

/** Checks a start, end or original start as sent and writes it the way Google answers it. */
export function normalizeTime(input: unknown, field: TimeField, zone: string, recurring: boolean): EventTime {
  if (!isRecord(input)) throw invalidBody(`Missing ${field} time.`, 'required');
  const { date, dateTime, timeZone } = input;
  if (
    timeZone !== undefined &&
    timeZone !== null &&
    !(typeof timeZone === 'string' && isTimeZone(timeZone))
  ) {
    throw invalidBody(`Invalid time zone definition for ${field} time.`);
  }
  if (typeof date === 'string' && (dateTime === undefined || dateTime === null)) {
    if (Number.isNaN(dateToMs(date))) throw invalidBody(`Invalid ${field} time.`);
    return { date };
  }
  if (typeof dateTime !== 'string' || (date !== undefined && date !== null)) {
    throw invalidBody(`Invalid ${field} time.`);
  }
  const ownZone = typeof timeZone === 'string' ? timeZone : undefined;
  const ms = dateTimeToMs(dateTime, ownZone ?? (recurring ? undefined : zone));
  if (Number.isNaN(ms)) throw invalidBody(`Invalid ${field} time.`);
  if (recurring && ownZone === undefined) {
    throw invalidBody(`Missing time zone definition for ${field} time.`, 'required');
  }
  return { dateTime: formatInstant(ms, zone), timeZone: ownZone ?? zone };
}

/** Refuses an event that ends before it starts or mixes dates with date-times. */
export function checkTimeRange(start: EventTime, end: EventTime): void {
  if ((start.date === undefined) !== (end.date === undefined)) {
    throw invalidBody('Start and end times must either both be date or both be dateTime.');
  }
  const lengthMs = eventTimeMs(end) - eventTimeMs(start);
  if (lengthMs < 0 || (lengthMs === 0 && start.date !== undefined)) {
    throw new GoogleError(400, {
      domain: 'calendar',
      reason: 'timeRangeEmpty',
      message: 'The specified time range is empty.',
    });
  }
}
