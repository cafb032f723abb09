import type { SyncResult } from '../contracts/sync.ts';
import { type AlmanacClient, failureOf } from './almanac-client.ts';
import type { StartedRun } from './started-run.ts';

/** How a sync that was requested has ended. */
export type SyncOutcome = SyncResult & StartedRun & { error?: string };

/** Waits for a sync. A workflow that failed is an outcome like the others: others may be waited for with it. */
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
