import { z } from 'zod';
import { syncResultSchema } from '../contracts/sync-result.ts';
import { type AlmanacClient, failureOf } from './almanac-client.ts';
import { type StartedRun, startedRunSchema } from './started-run.ts';

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
  almanac: AlmanacClient,
  { workspaceId, workflowId, runId, requestId }: StartedRun & { workspaceId: string },
): Promise<SyncOutcome> {
  const run = { workflowId, runId };
  try {
    return { ...(await almanac.waitForSync({ ...run, ...(requestId && { requestId }) })), ...run };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return { workspaceId, success: false, calendars: [], error: failure, ...run };
  }
}
