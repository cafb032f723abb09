import { z } from 'zod';
import { PLAN_MODES, PLAN_REFUSALS } from '../contracts/planning.ts';
import { failureType, instant } from '../services/shapes.ts';

/** A reason or a warning: its code, and what is said about it. */
const coded = z
  .looseObject({ code: z.string() })
  .describe('A code, and what it is about: IDs, minutes, instants');

const blockSchema = z.object({
  id: z.string(),
  kind: z.enum(['task', 'habit']),
  refId: z.string().describe('The task or habit'),
  start: instant,
  end: instant,
  chunk: z.object({ index: z.int(), of: z.int() }),
  pinned: z.boolean(),
  kept: z.boolean().describe('It is where the last run had put it'),
  reason: coded,
});

const planSchema = z.object({
  blocks: z.array(blockSchema),
  unscheduled: z.array(
    z.object({ refId: z.string(), date: z.string().optional(), minutes: z.number(), reason: coded }),
  ),
  late: z.array(z.object({ refId: z.string(), minutes: z.number(), deadline: instant })),
  warnings: z.array(coded),
  objective: z.object({
    onTime: z.number(),
    ceiling: z.number(),
    late: z.number(),
    moved: z.number(),
    blocks: z.number(),
    spread: z.number(),
  }),
  stats: z.object({ steps: z.number(), window: z.object({ start: instant, end: instant }) }),
});

const counts = {
  created: z.int(),
  moved: z.int(),
  deleted: z.int(),
};
const refused = z
  .enum(PLAN_REFUSALS)
  .optional()
  .describe(
    'Why nothing, or not everything, was applied: `changed-since-preview`, `not-synced` and the like',
  );
const edits = z
  .object({ pinned: z.int(), declined: z.int() })
  .describe('What people had done to blocks in Google since the last run');
const applied = z.boolean().describe('Everything that was to be written is written');
const replanned = z.boolean().describe('Changes since the preview made another plan');

/** A preview or an apply, as `almanac plan --json` prints it. */
export const outcomeSchema = planSchema.extend({
  runId: z.string(),
  applied,
  ...counts,
  replanned,
  edits,
  refused,
  error: failureType,
});

/** A run without a plan to show. */
export const resultSchema = z.object({
  workspaceId: z.string(),
  success: z.boolean(),
  runId: z.string().nullable(),
  mode: z.enum(PLAN_MODES),
  applied,
  ...counts,
  placed: z.int(),
  unscheduled: z.int(),
  edits,
  replanned,
  refused,
  error: failureType,
});

/** A run of the past, with its plan. */
export const planRunSchema = planSchema.extend({
  id: z.string(),
  workspaceId: z.string(),
  startedAt: instant,
  days: z.int(),
  ...counts,
});
