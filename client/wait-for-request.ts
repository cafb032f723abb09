import { type Client, WorkflowContinuedAsNewError } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { SyncInput } from '../contracts/sync.ts';
import type { SyncResult } from '../contracts/sync-result.ts';
import type { StartedRun } from './started-run.ts';

/**
 * Waits until a request has been served. While further requests arrive, the run continues as new; its
 * successor's input lists the requests that are not yet served, and the results so far. A run without a
 * request ID is awaited to the end of the chain.
 */
export async function waitForRequest(
  temporal: Client,
  { workflowId, runId, requestId }: StartedRun,
): Promise<SyncResult> {
  if (requestId === undefined) return temporal.workflow.getHandle(workflowId, runId).result();
  for (let current = runId; ;) {
    try {
      return await temporal.workflow
        .getHandle<(input: SyncInput) => Promise<SyncResult>>(workflowId, current, { followRuns: false })
        .result();
    } catch (error) {
      if (!(error instanceof WorkflowContinuedAsNewError)) throw error;
      current = error.newExecutionRunId;
    }
    const { workspaceId, resume } = await inputOf(temporal, { workflowId, runId: current });
    if (resume?.requestIds === undefined || resume.requestIds.includes(requestId)) continue;
    const { results: calendars, accounts = [] } = resume;
    const success = accounts.length === 0 && calendars.every(({ error }) => error === undefined);
    return { workspaceId, success, calendars, ...(accounts.length > 0 && { accounts }) };
  }
}

/** Input of a run, from the first event of its history. */
async function inputOf(temporal: Client, { workflowId, runId }: StartedRun): Promise<SyncInput> {
  const { history } = await temporal.workflowService.getWorkflowExecutionHistory({
    namespace: temporal.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const payloads = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads;
  const [input] = await decodeArrayFromPayloads(temporal.options.loadedDataConverter, payloads);
  return input as SyncInput;
}
