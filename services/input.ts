import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { type Remedy, RemedyAction } from '../contracts/remedies.ts';
import { InvalidInputError } from './errors.ts';
import { ruleOf } from './input-rules.ts';
import { isTimeZone } from '../contracts/instants.ts';
import { WORKSPACE_ID } from '../contracts/limits.ts';

z.config({ customError: ruleOf });

/** Google's limit for an e-mail address. */
const MAX_EMAIL_LENGTH = 254;
/** Google's refresh tokens have up to 512 characters; a much longer value is none. */
const MAX_REFRESH_TOKEN_LENGTH = 2_048;
const PLAIN_DATE = /^\d{4}-\d{2}-\d{2}$/;
/** Years that keep four digits in every time zone and after days are added; Postgres reads no others. */
const [FIRST_YEAR, LAST_YEAR] = [1971, 9998];

/** Whether events and plans may lie in this year. */
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
  // Printable only: addresses are shown on terminals, in pages and in other systems' logs.
  .regex(/^[^\s@\p{Cc}\p{Cf}\p{Cs}]+@[^\s@\p{Cc}\p{Cf}\p{Cs}]+$/u, 'must be an e-mail address');

/** Rule for names of one line. */
export const PRINTABLE = { pattern: /^[^\p{Cc}\p{Cs}]*$/u, rule: 'must not have control characters' };

/** Name of a workspace, a key or a feed, for people. */
export const nameSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(100, 'must have at most 100 characters')
  .regex(PRINTABLE.pattern, PRINTABLE.rule);

export const refreshTokenSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(MAX_REFRESH_TOKEN_LENGTH, `must have at most ${MAX_REFRESH_TOKEN_LENGTH} characters`)
  .regex(/^\S+$/, 'must be one word without spaces');

/** Rules for IDs, each with the action that lists the existing ones. */
const LISTED_IDS = {
  'must be a block UUID': RemedyAction.listBlocks,
  'must be a calendar UUID': RemedyAction.listCalendars,
  'must be a habit UUID': RemedyAction.listHabits,
  'must be a task UUID': RemedyAction.listTasks,
  'must be a webhook UUID': RemedyAction.listWebhooks,
  'must be an account UUID': RemedyAction.listAccounts,
  'must be the ID of a key': RemedyAction.listKeys,
  'must be the UUID of a notifier': RemedyAction.listNotifiers,
  'must be the UUID of a dead letter': RemedyAction.listAllDeadLetters,
  'must be the UUID of a planning run': RemedyAction.listPlanRuns,
} as const;
export type ListedIdRule = keyof typeof LISTED_IDS;

export const listedId = (rule: ListedIdRule) => z.guid(rule).toLowerCase();

/** Remedy for a broken rule, if there is one. */
export function remedyOfRule(rule: string): Remedy | undefined {
  return Object.hasOwn(LISTED_IDS, rule) ? { action: LISTED_IDS[rule as ListedIdRule] } : undefined;
}

export const calendarIdSchema = listedId('must be a calendar UUID');
export const accountIdSchema = listedId('must be an account UUID');

export const correlationIdSchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters without spaces');

/** An instant, or a date, which means midnight in the workspace's time zone. */
export const timeSchema = z
  .string()
  .refine(isTime, 'must be an instant like 2026-01-05T09:00:00Z or a date like 2026-01-05');

/** Whether a `timeSchema` value is a date. */
export function isDate(time: string): boolean {
  return PLAIN_DATE.test(time);
}

/** Instant of a `timeSchema` value in `timeZone`. */
export function toInstant(time: string, timeZone: string): Temporal.Instant {
  return isDate(time)
    ? Temporal.PlainDate.from(time).toZonedDateTime(timeZone).toInstant()
    : Temporal.Instant.from(time);
}

/**
 * Parses a caller's input.
 * @throws InvalidInputError naming the field and the allowed values.
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
  throw new InvalidInputError(pathOf(issue) || field, rule, { remedy: remedyOfRule(rule) });
}

const SHOWN_KEY = /^\w{1,64}$/;

/** Path of the malformed field. An unknown one is named if it looks like a name. */
function pathOf(issue: z.core.$ZodIssue | undefined): string {
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const isShown = unknown !== undefined && SHOWN_KEY.test(unknown);
  return [...(issue?.path ?? []), ...(isShown ? [unknown] : [])].join('.');
}
