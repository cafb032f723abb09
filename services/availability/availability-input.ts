import { z } from 'zod';
import { MOVABLE, PREFERENCES } from '../../calendar/availability/availability-query.ts';
import { DAY_MINUTES } from '../../contracts/durations.ts';
import {
  MAX_BUFFER_MINUTES,
  MOST_AVAILABILITY_WINDOWS,
  MOST_AVAILABILITY_WORKSPACES,
  MOST_SLOTS,
  STEP_MINUTES,
} from '../../contracts/limits.ts';
import { timeSchema, timeZoneSchema, workspaceIdSchema } from '../input.ts';

const DEFAULT_SLOTS = 20;
const MOST_GROUPS = 10;
const SLOT_GRANULARITIES_MINUTES = [5, 10, 15, 30, 60] as const;
const DEFAULT_PREFERENCES = ['fewestMoves', 'mostPeople', 'earliest'] as const;

const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

const wholeNumber = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error });
};

const TWICE = 'must not name anything twice';
const isUnique = (values: readonly unknown[]) => new Set(values).size === values.length;

const workspaceIds = z
  .array(workspaceIdSchema)
  .min(1)
  .max(MOST_AVAILABILITY_WORKSPACES)
  .refine(isUnique, { error: TWICE });

const groupInput = z
  .strictObject({
    workspaceIds,
    atLeast: wholeNumber(1, MOST_AVAILABILITY_WORKSPACES)
      .optional()
      .describe('How many of them have to be able to come; default: all'),
  })
  .refine((group) => (group.atLeast ?? 1) <= group.workspaceIds.length, {
    path: ['atLeast'],
    error: 'must not be above the number of workspaceIds of the group',
  });

const slotsInput = z.strictObject({
  durationMinutes: wholeNumber(STEP_MINUTES, DAY_MINUTES),
  granularityMinutes: z
    .literal(SLOT_GRANULARITIES_MINUTES, {
      error: `must be one of ${SLOT_GRANULARITIES_MINUTES.join(', ')}`,
    })
    .default(15)
    .describe('Slots start at multiples of this on the clock of `timeZone`'),
  hours: oneOf(['work', 'any'])
    .default('work')
    .describe("`work`: only in each workspace's hours of type `work`, in its zone"),
  bufferBeforeMinutes: wholeNumber(0, MAX_BUFFER_MINUTES).default(0).describe('Free time before a slot'),
  bufferAfterMinutes: wholeNumber(0, MAX_BUFFER_MINUTES).default(0).describe('Free time after a slot'),
  groups: z
    .array(groupInput)
    .min(1)
    .max(MOST_GROUPS)
    .optional()
    .describe('All of them have to be satisfied. Default: every workspace has to be able to come'),
  prefer: z
    .array(oneOf(PREFERENCES))
    .min(1)
    .refine(isUnique, { error: TWICE })
    .default([...DEFAULT_PREFERENCES])
    .describe('Order of the slots: each preference counts ten times as much as the next'),
  most: wholeNumber(1, MOST_SLOTS).default(DEFAULT_SLOTS),
  overlapping: z
    .boolean({ error: 'must be true or false' })
    .default(true)
    .describe('Whether slots of the answer may overlap each other'),
});

/** A question for the availability of workspaces, each of which is the time of one person. */
export const availabilityInput = z.strictObject({
  workspaceIds,
  windows: z
    .array(
      z.strictObject({
        from: timeSchema.describe('An instant such as 2026-01-05T09:00:00Z, or a date in `timeZone`'),
        to: timeSchema.describe('Exclusive end, in the same form'),
      }),
    )
    .min(1)
    .max(MOST_AVAILABILITY_WINDOWS),
  timeZone: timeZoneSchema.optional().describe('Zone of dates; default: that of the first workspace'),
  movable: oneOf(MOVABLE)
    .default('busy')
    .describe(
      'What blocks of the plan count as that may still move. `ask`: free, and named. Of other workspaces, and where they may not move, they are busy',
    ),
  slots: slotsInput.optional().describe('Find slots, too'),
});
export type AvailabilityInput = z.input<typeof availabilityInput>;
export type AvailabilityQuestion = z.output<typeof availabilityInput>;
