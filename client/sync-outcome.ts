import { z } from 'zod';
import { syncResultSchema } from '../contracts/sync-result.ts';
import { failureOf } from './almanac-client.ts';
import { startedRunSchema } from './started-run.ts';
import type { AwaitedSync } from './sync-now.ts';

/** Outcome of a requested sync. */
export const syncOutcomeSchema = syncResultSchema.extend({
  ...startedRunSchema.shape,
  error: z.string().optional().describe('Failure type of the workflow itself'),
});
export type SyncOutcome = z.infer<typeof syncOutcomeSchema>;

/**
 * Waits for a sync. A failed workflow is returned as an outcome and not thrown, because the caller may wait
 * for several.
 */
export async function waitForOutcome(
  workspaceId: string,
  { workflowId, runId, result }: AwaitedSync,
): Promise<SyncOutcome> {
  const run = { workflowId, runId };
  try {
    return { ...(await result()), ...run };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return { workspaceId, success: false, calendars: [], error: failure, ...run };
  }
}
