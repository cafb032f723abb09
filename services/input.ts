import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type Remedy, RemedyAction } from '../contracts/remedies.ts';
import { InvalidInputError } from './errors.ts';
import { ruleOf } from './input-rules.ts';
import { isTimeZone } from '../contracts/instants.ts';
import { WORKSPACE_ID } from '../contracts/limits.ts';

z.config({ customError: ruleOf });

/** Google's limit for an address. */
const MAX_EMAIL_LENGTH = 254;
/** Google's own refresh tokens have up to 512 characters; anything longer is not one. */
const MAX_REFRESH_TOKEN_LENGTH = 2_048;
const PLAIN_DATE = /^\d{4}-\d{2}-\d{2}$/;
/** Years that every zone, and what days are added, leaves in four digits: Postgres reads no others. */
const [FIRST_YEAR, LAST_YEAR] = [1971, 9998];

/** Whether a year is one that events and plans can have. */
export function isKnownYear(year: number): boolean {
  return year >= FIRST_YEAR && year <= LAST_YEAR;
}

function isTime(value: string): boolean {
  try {
    return isKnownYear(
      PLAIN_DATE.test(value)
        ? Temporal.PlainDate.from(value).year
        : Temporal.Instant.from(value).toZonedDateTimeISO('UTC').year,
    );
  } catch {
    return false;
  }
}

export const workspaceIdSchema = z
  .string()
  .regex(WORKSPACE_ID, 'must be 1 to 64 letters, digits, hyphens or underscores');

export const timeZoneSchema = z
  .string()
  .refine(isTimeZone, 'must be an IANA time zone, for instance Europe/Berlin or UTC');

export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(MAX_EMAIL_LENGTH, `must have at most ${MAX_EMAIL_LENGTH} characters`)
  // Printable: an address ends up on terminals, in pages and in logs of others.
  .regex(/^[^\s@\p{Cc}\p{Cf}\p{Cs}]+@[^\s@\p{Cc}\p{Cf}\p{Cs}]+$/u, 'must be an e-mail address');

/** For names of one line. */
export const PRINTABLE = { pattern: /^[^\p{Cc}\p{Cs}]*$/u, rule: 'must not have control characters' };

export const refreshTokenSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(MAX_REFRESH_TOKEN_LENGTH, `must have at most ${MAX_REFRESH_TOKEN_LENGTH} characters`)
  .regex(/^\S+$/, 'must be one word without spaces');

/** Rules of IDs, and what shows the existing ones. */
const LISTED_IDS = {
  'must be a block UUID': RemedyAction.listBlocks,
  'must be a calendar UUID': RemedyAction.listCalendars,
  'must be a habit UUID': RemedyAction.listHabits,
  'must be a task UUID': RemedyAction.listTasks,
  'must be an account UUID': RemedyAction.listAccounts,
  'must be the ID of a key': RemedyAction.listKeys,
  'must be the UUID of a dead letter': RemedyAction.listAllDeadLetters,
  'must be the UUID of a planning run': RemedyAction.listPlanRuns,
} as const;
export type ListedIdRule = keyof typeof LISTED_IDS;

export const listedId = (rule: ListedIdRule) => z.guid(rule).toLowerCase();

/** What helps where a rule is broken. */
export function remedyOfRule(rule: string): Remedy | undefined {
  return Object.hasOwn(LISTED_IDS, rule) ? { action: LISTED_IDS[rule as ListedIdRule] } : undefined;
}

export const calendarIdSchema = listedId('must be a calendar UUID');
export const accountIdSchema = listedId('must be an account UUID');

export const correlationIdSchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces');

/** An instant, or a date that means midnight in the zone of the workspace. */
export const timeSchema = z
  .string()
  .refine(isTime, 'must be an instant like 2026-01-05T09:00:00Z or a date like 2026-01-05');

/** The instant that a value of `timeSchema` means in `timeZone`. */
export function toInstant(time: string, timeZone: string): Temporal.Instant {
  return PLAIN_DATE.test(time)
    ? Temporal.PlainDate.from(time).toZonedDateTime(timeZone).toInstant()
    : Temporal.Instant.from(time);
}

/**
 * Parses what a caller gave.
 * @throws InvalidInputError naming the field and what is allowed.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  field = 'input',
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const rule = issue?.message ?? 'is malformed';
  throw new InvalidInputError(issue?.path.join('.') || field, rule, { remedy: remedyOfRule(rule) });
}
