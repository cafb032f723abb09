import { activityInfo } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { workspaceOfRun } from '../services/usage/workspace-of-run.ts';
import type { UsageMeter } from '../services/usage/usage-meter.ts';

/** At most one heartbeat in this time reaches the server. */
const HEARTBEAT_MS = 5_000;

/**
 * Counts the actions of workspaces' runs that Temporal Cloud would bill, as far as activities show them: each
 * attempt, its heartbeats, and the start of its run with the first one. It costs no statement.
 */
export function countActions(usage: UsageMeter): ActivityInterceptorsFactory {
  return () => ({
    inbound: {
      async execute(input, next) {
        const { workflowExecution, activityId, attempt } = activityInfo();
        const workspaceId = workspaceOfRun(workflowExecution?.workflowId ?? '');
        if (workspaceId === null) return next(input);
        const count = (actions: number) => usage.count(workspaceId, 'temporalActions', actions);
        // The SDK numbers the activities of a run from 1.
        count(activityId === '1' && attempt === 1 ? 2 : 1);
        const startedAt = performance.now();
        try {
          return await next(input);
        } finally {
          count(Math.floor((performance.now() - startedAt) / HEARTBEAT_MS));
        }
      },
    },
  });
}
