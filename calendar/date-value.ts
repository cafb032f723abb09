import type { SeriesAnchor } from './series-anchor.ts';
import { resolveTimeZone, wallToInstant } from './time-zone.ts';

/** An iCalendar DATE or DATE-TIME, as in UNTIL, RDATE and EXDATE. */
interface DateValue {
  instantMs: number;
  wallMs: number;
  isDate: boolean;
}

const DATE_VALUE = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$/i;

/**
 * Parses `20260105`, `20260105T090000` (in `tzid`, else in the series' zone; a date is its midnight there) or
 * `20260105T090000Z`. In an all-day series only dates matter, so a date-time counts as the date it is written
 * with, in any zone. Null for any other text.
 */
export function parseDateValue(
  text: string,
  tzid: string | undefined,
  anchor: SeriesAnchor,
): DateValue | null {
  const match = DATE_VALUE.exec(text.trim());
  if (!match) return null;
  const [, year, month, day, hour, minute, second, utc] = match;
  const isDate = anchor.allDay || hour === undefined;
  const wallMs = Date.parse(
    `${year}-${month}-${day}T${isDate ? '00:00:00' : `${hour}:${minute}:${second}`}Z`,
  );
  if (Number.isNaN(wallMs)) return null;
  const timeZone = anchor.allDay || utc ? 'UTC' : resolveTimeZone(tzid, anchor.timeZone);
  return { wallMs, instantMs: wallToInstant(timeZone, wallMs), isDate };
}
