import type { WorkflowClientInterceptor } from '@temporalio/client';
import { workspaceOfRun } from '../services/usage/workspace-of-run.ts';
import type { UsageMeter } from '../services/usage/usage-meter.ts';

/**
 * Counts signals, updates and queries to workspaces' runs, which Temporal Cloud would bill. Starts are counted
 * by workers, with the first activity of a run.
 */
export function countActions(usage: UsageMeter): WorkflowClientInterceptor {
  function count(workflowId: string): void {
    const workspaceId = workspaceOfRun(workflowId);
    if (workspaceId !== null) usage.count(workspaceId, 'temporalActions');
  }
  return {
    signal(input, next) {
      count(input.workflowExecution.workflowId);
      return next(input);
    },
    signalWithStart(input, next) {
      count(input.options.workflowId);
      return next(input);
    },
    startUpdate(input, next) {
      count(input.workflowExecution.workflowId);
      return next(input);
    },
    startUpdateWithStart(input, next) {
      count(input.workflowStartOptions.workflowId);
      return next(input);
    },
    query(input, next) {
      count(input.workflowExecution.workflowId);
      return next(input);
    },
  };
}
