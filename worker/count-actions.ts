import { activityInfo, type Info } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { PriorityKey } from '../contracts/priorities.ts';
import { workspaceOfRun } from '../services/usage/workspace-of-run.ts';
import type { UsageMeter } from '../services/usage/usage-meter.ts';

/** At most one heartbeat in this time reaches the server. */
const HEARTBEAT_MS = 5_000;

/**
 * Actions of a run's start. A run of the schedules is a child of its fan-out, which is billed for the intent to
 * start it as well. The first activity may not know the source, but it has the priority of the tick.
 */
function startActions({ priority }: Info, source: unknown): number {
  return source === 'schedule' || priority?.priorityKey === PriorityKey.tick ? 2 : 1;
}

/**
 * Counts the actions of workspaces' runs that Temporal Cloud would bill, as far as activities show them: each
 * attempt, its heartbeats, and the start of its run with the first one. It costs no statement.
 */
export function countActions(usage: UsageMeter): ActivityInterceptorsFactory {
  return () => ({
    inbound: {
      async execute(input, next) {
        const info = activityInfo();
        const { workflowExecution, activityId, attempt } = info;
        const workspaceId = workspaceOfRun(workflowExecution?.workflowId ?? '');
        if (workspaceId === null) return next(input);
        const count = (actions: number) => usage.count(workspaceId, 'temporalActions', actions);
        const { source } = (input.args[0] ?? {}) as { source?: unknown };
        // The SDK numbers the activities of a run from 1.
        const isFirst = activityId === '1' && attempt === 1;
        count(1 + (isFirst ? startActions(info, source) : 0));
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
