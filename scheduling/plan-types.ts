import { z } from 'zod';
import type { PlacementReason, PlanWarning, UnscheduledReason } from './reasons.ts';

const instant = z.string().describe('An instant, such as 2026-01-05T09:00:00Z');

/** A reason or a warning. Described by its code alone, because later releases may add codes. */
function coded<Reason extends { code: string }>(): z.ZodType<Reason> {
  const schema = z.looseObject({ code: z.string() });
  return schema.describe('Code and its details: IDs, minutes, instants') as unknown as z.ZodType<Reason>;
}

const plannedBlockSchema = z.object({
  id: z.string().describe('ID of the current block if that was kept or moved, else a new one'),
  kind: z.enum(['task', 'habit']),
  refId: z.string().describe('ID of the task or habit'),
  start: instant,
  end: instant,
  chunk: z
    .object({ index: z.int(), of: z.int() })
    .describe('Position among the blocks of its task, from 1 in order of time; a habit has one block a day'),
  pinned: z.boolean(),
  kept: z.boolean().describe('True if it is at its place in the last run'),
  reason: coded<PlacementReason>(),
});
export type PlannedBlock = z.infer<typeof plannedBlockSchema>;

const unscheduledSchema = z.object({
  refId: z.string(),
  date: z.string().optional().describe('Day of a habit'),
  minutes: z.number(),
  reason: coded<UnscheduledReason>(),
});
export type Unscheduled = z.infer<typeof unscheduledSchema>;

const lateTaskSchema = z.object({
  refId: z.string(),
  minutes: z.number().describe('Minutes after the deadline'),
  deadline: instant,
});
export type LateTask = z.infer<typeof lateTaskSchema>;

const MORE = 'more is better';
const LESS = 'less is better';

const objectiveSchema = z
  .object({
    onTime: z
      .number()
      .describe(`Level 1, ${MORE}: weight · minutes of tasks before their deadline, and of habits`),
    ceiling: z.number().describe('Upper bound of `onTime`: the optimum without chunks, buffers and order'),
    late: z.number().describe(`Level 2, ${MORE}: weight · minutes of tasks after their deadline`),
    moved: z.number().describe(`Level 3, ${LESS}: minutes of free current blocks that are not kept`),
    blocks: z.number().describe(`Level 4, ${LESS}: number of blocks`),
    spread: z
      .number()
      .describe(
        `Level 5, ${LESS}: weight · minutes · days from the window's start, and weight · hours from the ideal time`,
      ),
  })
  .describe('Levels of the objective, compared in this order');
export type PlanObjective = z.infer<typeof objectiveSchema>;

export const planSchema = z.object({
  blocks: z.array(plannedBlockSchema).describe('Sorted by start'),
  unscheduled: z.array(unscheduledSchema),
  late: z.array(lateTaskSchema),
  warnings: z.array(coded<PlanWarning>()),
  objective: objectiveSchema,
  stats: z.object({ steps: z.number(), window: z.object({ start: instant, end: instant }) }),
});
export type Plan = z.infer<typeof planSchema>;

export interface PlanOptions {
  /** Budget of the search, in gaps looked at. Default: grows with the input, about 200 ms for 100 tasks. */
  steps?: number;
}
