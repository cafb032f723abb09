import type ICAL from 'ical.js';
import type { EventTime } from '../state/types.ts';
import { dateTimeToMs, dateToMs } from '../recurrence/event-time.ts';
import { stringsOf } from '../http/request-parts.ts';

/** Turns a TZID into an IANA zone; undefined if it cannot. */
export type ZoneFinder = (tzid: string) => string | undefined;

/**
 * Reads a date or date-time property from its raw text, because exporters write dates without VALUE=DATE. A
 * time without a zone is read in `floatingZone`. Undefined if the text is no time.
 */
export function readMoment(
  property: ICAL.Property | null,
  findZone: ZoneFinder,
  floatingZone: string,
): EventTime | undefined {
  if (!property) return undefined;
  const [, parameters, , value]: unknown[] = property.toJSON();
  const match = /^(\d{4})-?(\d{2})-?(\d{2})(?:T(\d{2}):?(\d{2}):?(\d{2})(Z?))?/i.exec(String(value));
  if (!match) return undefined;
  const [, y, m, d, hh, mm, ss, utc] = match;
  const date = `${y}-${m}-${d}`;
  if (Number.isNaN(dateToMs(date))) return undefined;
  if (hh === undefined) return { date };
  const timeZone = utc ? 'UTC' : (findZone(stringsOf(parameters)['tzid'] ?? '') ?? floatingZone);
  const ms = dateTimeToMs(`${date}T${hh}:${mm}:${ss}`, timeZone);
  return Number.isNaN(ms) ? undefined : { dateTime: new Date(ms).toISOString(), timeZone };
}
