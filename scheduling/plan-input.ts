import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { checkReferences } from './check-references.ts';
import { isTimeZone } from '../contracts/instants.ts';
import { canonicalInstant } from './civil-time.ts';
import { withDefaultHours } from './default-hours.ts';
import { clock, weekHoursSchema } from './week-hours.ts';
import { parseHabitRule } from './habit-days.ts';
import { DAY_MINUTES, MINUTE_MS } from '../contracts/durations.ts';
import {
  FEWEST_PLAN_DAYS,
  GRANULARITIES_MINUTES,
  MAX_BUFFER_MINUTES,
  MAX_TASK_MINUTES,
  MOST_PLAN_DAYS,
  PRIORITIES,
  STEP_MINUTES,
} from '../contracts/limits.ts';

export const PREFERENCES = ['morning', 'afternoon', 'evening', 'night'] as const;

const text = z.string({ error: 'must be text' });
const id = text.min(1, 'must not be empty').max(200, 'must have at most 200 characters');

const wholeNumber = (least: number, most: number, unit = 'a whole number') => {
  const error = `must be ${unit} from ${least} to ${most}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
};
const steps = (least: number, most: number) =>
  wholeNumber(least, most).multipleOf(STEP_MINUTES, `must be a multiple of ${STEP_MINUTES} minutes`);

const instant = z
  .string({ error: 'must be an instant such as 2026-01-05T09:00:00Z' })
  .transform((value, context) => {
    const canonical = canonicalInstant(value);
    if (canonical !== null) return canonical;
    context.addIssue('must be an instant such as 2026-01-05T09:00:00Z');
    return z.NEVER;
  });

const date = z.string({ error: 'must be a date such as 2026-01-05' }).refine(
  (value) => {
    try {
      return /^\d{4}-\d\d-\d\d$/.test(value) && Temporal.PlainDate.from(value) !== null;
    } catch {
      return false;
    }
  },
  { error: 'must be a date such as 2026-01-05' },
);

const timeZone = z
  .string({ error: 'must be an IANA time zone such as Europe/Berlin' })
  .refine(isTimeZone, { error: 'must be an IANA time zone such as Europe/Berlin' });

const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

const list = <T extends z.ZodType>(item: T, error = 'must be a list') => z.array(item, { error });

const runsForward = ([start, end]: readonly [string, string]) => Date.parse(start) <= Date.parse(end);
const interval = z
  .tuple([instant, instant], { error: 'must be [start, end]' })
  .refine(runsForward, { error: 'must not end before it starts' });

const task = z
  .object(
    {
      id,
      title: text.default(''),
      priority: oneOf(PRIORITIES).default('normal'),
      durationMinutes: wholeNumber(1, MAX_TASK_MINUTES),
      doneMinutes: wholeNumber(0, MAX_TASK_MINUTES).default(0),
      splittable: z.boolean({ error: 'must be true or false' }).default(true),
      minChunkMinutes: steps(STEP_MINUTES, MAX_TASK_MINUTES).default(30),
      maxChunkMinutes: steps(STEP_MINUTES, MAX_TASK_MINUTES).default(120),
      earliestStart: instant.nullable().default(null),
      deadline: instant.nullable().default(null),
      hours: id.default('work'),
      after: list(id, 'must be a list of task ids').default([]),
    },
    { error: 'must be a task' },
  )
  .refine((value) => value.minChunkMinutes <= value.maxChunkMinutes, {
    path: ['minChunkMinutes'],
    error: 'must not be above maxChunkMinutes',
  });

const habit = z
  .object(
    {
      id,
      title: text.default(''),
      priority: oneOf(PRIORITIES).default('normal'),
      rrule: text.refine((value) => parseHabitRule(value, '2026-01-05') !== null, {
        error: 'must be a recurrence rule such as FREQ=WEEKLY;BYDAY=MO,WE',
      }),
      startDate: date.nullable().default(null),
      durationMinutes: steps(STEP_MINUTES, DAY_MINUTES),
      minMinutes: steps(STEP_MINUTES, DAY_MINUTES).nullable().default(null),
      idealTime: clock.nullable().default(null),
      preference: oneOf(PREFERENCES).nullable().default(null),
      hours: id.default('personal'),
      after: id.nullable().default(null),
      before: id.nullable().default(null),
      skippedDates: list(date, 'must be a list of dates').default([]),
    },
    { error: 'must be a habit' },
  )
  .refine((value) => value.minMinutes === null || value.minMinutes <= value.durationMinutes, {
    path: ['minMinutes'],
    error: 'must not be above durationMinutes',
  })
  .transform((value) => ({ ...value, minMinutes: value.minMinutes ?? value.durationMinutes }));

const currentBlock = z
  .object(
    {
      id,
      kind: oneOf(['task', 'habit']),
      refId: id,
      start: instant,
      end: instant,
      pinned: z.boolean({ error: 'must be true or false' }).default(false),
      /**
       * The day that a habit's block was made for. Default: the local day of its start, see `withHabitDays`.
       */
      habitDay: date.nullable().optional(),
    },
    { error: 'must be a block' },
  )
  .refine((value) => value.kind === 'habit' || (value.habitDay ?? null) === null, {
    path: ['habitDay'],
    error: 'must be left out for a task',
  })
  .refine((value) => Date.parse(value.end) >= Date.parse(value.start) + MINUTE_MS, {
    path: ['end'],
    error: 'must be at least a minute after the start',
  });

const declinedSlot = z.union(
  [
    interval.transform(([start, end]) => ({ refId: null, start, end })),
    z
      .object({ refId: id.nullable().default(null), start: instant, end: instant })
      .refine((value) => runsForward([value.start, value.end]), { error: 'must not end before it starts' }),
  ],
  { error: 'must be [start, end] or {refId, start, end} in instants, and not end before it starts' },
);

const policy = z.object(
  {
    bufferMinutes: wholeNumber(0, MAX_BUFFER_MINUTES).default(0),
    maxMinutesPerDay: z
      .record(z.string(), wholeNumber(0, DAY_MINUTES), {
        error: 'must hold a number of minutes for a type of hours',
      })
      .default({}),
    freezeMinutes: wholeNumber(0, MAX_TASK_MINUTES).default(120),
    declined: list(declinedSlot).default([]),
  },
  { error: 'must be an object' },
);

const schema = z.object(
  {
    timeZone,
    now: instant,
    days: wholeNumber(FEWEST_PLAN_DAYS, MOST_PLAN_DAYS).default(30),
    granularityMinutes: z
      .literal(GRANULARITIES_MINUTES, { error: `must be one of ${GRANULARITIES_MINUTES.join(', ')}` })
      .default(15),
    hours: z
      .record(z.string(), weekHoursSchema, { error: 'must hold types of hours' })
      .default({})
      .transform(withDefaultHours),
    busy: list(interval).default([]),
    tasks: list(task).default([]),
    habits: list(habit).default([]),
    current: list(currentBlock).default([]),
    policy: policy.prefault({}),
    seed: wholeNumber(0, 2 ** 31 - 1).default(1),
  },
  { error: 'must be an object' },
);

/**
 * The input of `plan` with every default filled in. Instants are canonical UTC, such as
 * `2026-01-05T09:00:00Z`.
 */
export type PlanInput = z.output<typeof schema>;
export type PlanTask = PlanInput['tasks'][number];
export type PlanHabit = PlanInput['habits'][number];
export type CurrentBlock = PlanInput['current'][number];
export type Preference = (typeof PREFERENCES)[number];

/** Thrown for invalid input. The message is one sentence that names the field. */
export class PlanInputError extends Error {
  override readonly name = 'PlanInputError';
}

function fieldName(path: readonly PropertyKey[]): string {
  const name = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
  return name || 'The input';
}

/**
 * Parses the JSON input of a plan.
 * @throws PlanInputError that names the first invalid field.
 */
export function parsePlanInput(value: unknown): PlanInput {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new PlanInputError(`${fieldName(issue?.path ?? [])} ${issue?.message ?? 'is wrong'}.`);
  }
  const problem = checkReferences(parsed.data);
  if (problem) throw new PlanInputError(`${fieldName(problem.path)} ${problem.message}.`);
  return parsed.data;
}
