import { z } from 'zod';
import { parseHabitRule } from '../../scheduling/habit-days.ts';
import {
  blockMinutesSchema,
  clockSchema,
  dateSchema,
  habitIdSchema,
  hoursTypeSchema,
  prioritySchema,
  switchSchema,
  titleSchema,
} from './fields.ts';
import { DAY_MINUTES } from '../../contracts/durations.ts';

export const PREFERENCES = ['morning', 'afternoon', 'evening', 'night'] as const;
/** Every field that a rule can have, each with a long list. */
const MAX_RULE_LENGTH = 1_000;
const RRULE_RULE = 'must be a recurrence rule that names days, such as FREQ=WEEKLY;BYDAY=MO,WE';
/** Any date, because the validity of a rule does not depend on it. */
const SOME_DATE = '2026-01-05';

const habitFields = z.object({
  title: titleSchema,
  priority: prioritySchema,
  rrule: z
    .string({ error: RRULE_RULE })
    .trim()
    .max(MAX_RULE_LENGTH, `must have at most ${MAX_RULE_LENGTH} characters`)
    .refine((text) => parseHabitRule(text, SOME_DATE) !== null, { error: RRULE_RULE }),
  startDate: dateSchema,
  durationMinutes: blockMinutesSchema(DAY_MINUTES),
  /** Shortest length that still counts. */
  minMinutes: blockMinutesSchema(DAY_MINUTES),
  /** Local time. */
  idealTime: clockSchema.nullable(),
  preference: z.enum(PREFERENCES, { error: `must be one of ${PREFERENCES.join(', ')}` }).nullable(),
  hours: hoursTypeSchema,
  /** Habit of the same day that ends before this one begins. */
  after: habitIdSchema.nullable(),
  /** Habit of the same day that begins after this one ends. */
  before: habitIdSchema.nullable(),
  autoSchedule: switchSchema,
});

/** Changed fields of a habit. Null clears a field. */
export const habitChanges = habitFields.partial();
export type HabitChanges = z.input<typeof habitChanges>;

export const newHabit = habitChanges.required({ title: true, rrule: true, durationMinutes: true });
export type NewHabit = z.input<typeof newHabit>;
