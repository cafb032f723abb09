import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { isKnownYear, listedId, PRINTABLE } from '../input.ts';
import { PRIORITIES, STEP_MINUTES } from '../../contracts/limits.ts';

const MAX_TITLE_LENGTH = 500;
const MAX_HOURS_NAME_LENGTH = 64;

export const titleSchema = z
  .string({ error: 'must be text' })
  .trim()
  .min(1, 'must not be empty')
  .max(MAX_TITLE_LENGTH, `must have at most ${MAX_TITLE_LENGTH} characters`)
  .regex(/^[^\0]*$/, 'must not have a null character')
  // Pasted text may have tabs and line breaks.
  // oxlint-disable-next-line no-control-regex -- control characters are what the rule refuses
  .regex(/^[^\p{Cs}\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$/u, PRINTABLE.rule);

export const prioritySchema = z.enum(PRIORITIES, { error: `must be one of ${PRIORITIES.join(', ')}` });

export const switchSchema = z.boolean({ error: 'must be true or false' });

export function minutesSchema(least: number, most: number) {
  const error = `must be a whole number of minutes from ${least} to ${most}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}

/** Schema of a block's length. */
export function blockMinutesSchema(most: number) {
  return minutesSchema(STEP_MINUTES, most).multipleOf(
    STEP_MINUTES,
    `must be a multiple of ${STEP_MINUTES} minutes`,
  );
}

/** Name of a type of hours. */
export const hoursTypeSchema = z
  .string({ error: 'must be the name of a type of hours' })
  .trim()
  .regex(/^[A-Za-z0-9_-]+$/, 'must be letters, digits, hyphens or underscores')
  .max(MAX_HOURS_NAME_LENGTH, `must have at most ${MAX_HOURS_NAME_LENGTH} characters`)
  .regex(PRINTABLE.pattern, PRINTABLE.rule)
  // Hours and limits are looked up in objects by this name.
  .refine((name) => !(name in Object.prototype), { error: 'must not be a name that every object has' });

export const taskIdSchema = listedId('must be a task UUID');
export const habitIdSchema = listedId('must be a habit UUID');

const DATE_RULE = 'must be a date such as 2026-01-05';

export const dateSchema = z.string({ error: DATE_RULE }).refine(isDate, { error: DATE_RULE });

const CLOCK_RULE = 'must be a time such as 07:30';

export const clockSchema = z
  .string({ error: CLOCK_RULE })
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: CLOCK_RULE });

const MOMENT_RULE =
  'must be an instant such as 2026-01-05T09:00:00Z, a local time such as 2026-01-05T09:00, or a date such as 2026-01-05';

/** A time as people write it: an instant, or a time or date in the workspace's zone. */
export const momentSchema = z
  .string({ error: MOMENT_RULE })
  .trim()
  .refine((text) => isDate(text) || isMoment(text), { error: MOMENT_RULE });

function isDate(text: string): boolean {
  try {
    return /^\d{4}-\d\d-\d\d$/.test(text) && isKnownYear(Temporal.PlainDate.from(text).year);
  } catch {
    return false;
  }
}

function isMoment(text: string): boolean {
  try {
    return isKnownYear(toMoment(text, 'UTC', 'start').getUTCFullYear());
  } catch {
    return false;
  }
}

/** Instant of a `momentSchema` value; for a date, the start or the end of that day. */
export function toMoment(text: string, timeZone: string, edge: 'start' | 'end'): Date {
  if (isDate(text)) {
    const date = Temporal.PlainDate.from(text).add({ days: edge === 'end' ? 1 : 0 });
    return new Date(date.toZonedDateTime(timeZone).epochMilliseconds);
  }
  const hasOffset = /(Z|[+-]\d\d:?\d\d)$/i.test(text);
  return new Date(
    hasOffset
      ? Temporal.Instant.from(text).epochMilliseconds
      : Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds,
  );
}

/** Formats a date column as `2026-01-05`. */
export function formatDate(day: Date): string {
  return day.toISOString().slice(0, 10);
}
