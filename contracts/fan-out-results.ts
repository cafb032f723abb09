import { z } from 'zod';

/** Totals of a fan-out. Never a list per workspace, which would outgrow a history. */
const fanOutTotalsSchema = z.object({
  succeeded: z.int().describe('Workspaces whose run ended with success'),
  failed: z.int().describe('Workspaces whose run failed'),
  skipped: z.int().describe('Workspaces whose run had already started'),
  sampleFailures: z
    .array(z.object({ workspaceId: z.string(), error: z.string() }))
    .describe('The first failures, at most 20'),
});
export type FanOutTotals = z.infer<typeof fanOutTotalsSchema>;

/** Result of `syncAllWorkspaces`. */
export const syncFanOutResultSchema = fanOutTotalsSchema.extend({
  calendars: z.int(),
  upserted: z.int(),
  deleted: z.int(),
});
export type SyncFanOutResult = z.infer<typeof syncFanOutResultSchema>;

/** Result of `scheduleAllWorkspaces`. */
export interface PlanFanOutResult extends FanOutTotals {
  placed: number;
  unscheduled: number;
  created: number;
  moved: number;
  deleted: number;
}
