import { type Client, WorkflowContinuedAsNewError } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { SyncInput, SyncResult } from '../contracts/sync.ts';
import type { StartedRun } from './started-run.ts';

/**
 * Waits until a request has been served. A run that others keep busy hands on to a successor, which follows the
 * chain as long as they ask; but it says which requests it had not served, and what it had done. A run without
 * a request ID is waited for to the end of the chain.
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

/** The input of a run, from the first event of its history. */
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
