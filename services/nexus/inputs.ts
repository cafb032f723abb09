import { z } from 'zod';
import {
  FEWEST_PLAN_DAYS,
  MAX_CALENDAR_IDS,
  MOST_NEXUS_INPUT_BYTES,
  MOST_PLAN_DAYS,
} from '../../contracts/limits.ts';
import { SYNC_MODES } from '../../contracts/sync-modes.ts';
import { InvalidInputError } from '../errors.ts';
import { calendarIdSchema, correlationIdSchema, parseInput, workspaceIdSchema } from '../input.ts';
import { writeSchema } from '../writing/event-input.ts';

const DAYS_RULE = `must be a whole number from ${FEWEST_PLAN_DAYS} to ${MOST_PLAN_DAYS}`;
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });
const common = { workspaceId: workspaceIdSchema, correlationId: correlationIdSchema.optional() };
const requestId = z
  .string()
  .regex(/^[\w.:/-]{1,200}$/, 'must be 1 to 200 letters, digits, or any of _ . : / -')
  .describe('Identifies the request: repeated, it is the same write');

export const nexusSyncSchema = z.strictObject({
  ...common,
  mode: oneOf(SYNC_MODES).default('incremental'),
  calendarIds: z
    .array(calendarIdSchema)
    .min(1)
    .max(MAX_CALENDAR_IDS)
    .transform((ids) => [...new Set(ids)])
    .optional(),
});
export const nexusPlanSchema = z.strictObject({
  ...common,
  mode: oneOf(['preview', 'apply']).default('preview'),
  days: z.int(DAYS_RULE).min(FEWEST_PLAN_DAYS, DAYS_RULE).max(MOST_PLAN_DAYS, DAYS_RULE).optional(),
  force: z.boolean().default(false),
});
export const nexusWriteSchema = z.strictObject({ ...common, requestId, write: writeSchema });
export const nexusWriteOutcomeSchema = z.strictObject({ workspaceId: workspaceIdSchema, requestId });

export type NexusSyncInput = z.input<typeof nexusSyncSchema>;
export type NexusPlanInput = z.input<typeof nexusPlanSchema>;
export type NexusWriteInput = z.input<typeof nexusWriteSchema>;
export type NexusWriteOutcomeInput = z.input<typeof nexusWriteOutcomeSchema>;

/** @throws InvalidInputError naming the field, or when the input is too large to be looked at. */
export function parseNexusInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  if (Buffer.byteLength(JSON.stringify(input) ?? '') > MOST_NEXUS_INPUT_BYTES)
    throw new InvalidInputError('input', `must have at most ${MOST_NEXUS_INPUT_BYTES} bytes`);
  return parseInput(schema, input);
}
