import { z } from 'zod';
import { failureTypeSchema } from './failure-type-schema.ts';
import { PLAN_MODES, PLAN_REFUSALS } from './planning.ts';

/** Completed writes to Google. */
export const writeCountsSchema = z.object({ created: z.int(), moved: z.int(), deleted: z.int() });
export type WriteCounts = z.infer<typeof writeCountsSchema>;

const editCountsSchema = z
  .object({
    pinned: z.int().describe('Blocks that people moved or resized; each is pinned where they left it'),
    declined: z.int().describe('Blocks that people deleted; the slot is declined, or the habit skipped'),
  })
  .describe('Edits that people have made to blocks in Google since the last run');
export type EditCounts = z.infer<typeof editCountsSchema>;

/** Fields that the result of a run and its outcome have in common. */
export const planEndSchema = writeCountsSchema.extend({
  applied: z.boolean().describe('True if every planned write was completed'),
  edits: editCountsSchema,
  replanned: z.boolean().describe('True if the applied plan differs from the preview'),
  refused: z
    .enum(PLAN_REFUSALS)
    .optional()
    .describe(
      'Why the plan was not applied, or only in part: `changed-since-preview`, `not-synced` and others',
    ),
  error: failureTypeSchema.optional(),
});

/** Result of `scheduleWorkspace`: IDs, counts and reasons. The plan itself is in `schedule_runs`. */
export const planResultSchema = planEndSchema.extend({
  workspaceId: z.string(),
  success: z.boolean(),
  runId: z.string().nullable().describe('Planning run; null if no plan was made'),
  mode: z.enum(PLAN_MODES),
  placed: z.int().describe('Blocks in the plan'),
  unscheduled: z.int().describe('Tasks and habit days with minutes that were not placed'),
});
export type PlanResult = z.infer<typeof planResultSchema>;
