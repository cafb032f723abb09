import { Temporal } from 'temporal-polyfill';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon 5 Jan` for `2026-01-05`. */
export function dayText(date: string): string {
  const { dayOfWeek, day, month } = Temporal.PlainDate.from(date);
  return `${WEEKDAYS[dayOfWeek - 1]} ${day} ${MONTHS[month - 1]}`;
}

/** Wall-clock time in a zone: `09:00`. */
function clockText(instant: string, timeZone: string): string {
  return local(instant, timeZone).toPlainTime().toString({ smallestUnit: 'minute' });
}

/** `09:00–17:00`; an end at midnight is 24:00. */
export function spanText(start: string, end: string, timeZone: string): string {
  const until = clockText(end, timeZone);
  return `${clockText(start, timeZone)}–${until === '00:00' ? '24:00' : until}`;
}

/** `Mon 5 Jan 09:00`. */
export function momentText(instant: string, timeZone: string): string {
  return `${dayText(local(instant, timeZone).toPlainDate().toString())} ${clockText(instant, timeZone)}`;
}

/** `Mon 5 Jan 09:00–10:00`. */
export function daySpanText(start: string, end: string, timeZone: string): string {
  return `${dayText(local(start, timeZone).toPlainDate().toString())} ${spanText(start, end, timeZone)}`;
}

function local(instant: string, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone);
}

const UNITS = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3_600 },
  { name: 'min', seconds: 60 },
] as const;

/** A duration in its largest unit: `3 d`, `5 h`, `40 min`, `12 s`. */
export function formatAge(seconds: number): string {
  const unit = UNITS.find((one) => seconds >= one.seconds);
  return unit === undefined ? `${seconds} s` : `${Math.floor(seconds / unit.seconds)} ${unit.name}`;
}
