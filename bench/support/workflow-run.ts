import type { Client } from '@temporalio/client';
import type { SyncResult } from '../../contracts/sync-result.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import type { WorkflowType } from '../../contracts/workflow-types.ts';

/** Cost of a finished workflow, from its history. */
export interface HistoryCounts {
  events: number;
  activities: number;
  localActivities: number;
  workflowTasks: number;
  /** When each activity ended, in order. */
  activityEndsMs: number[];
}

export async function readHistory(temporal: Client, workflowId: string): Promise<HistoryCounts> {
  const { events = [] } = await temporal.workflow.getHandle(workflowId).fetchHistory();
  const all = events ?? [];
  return {
    events: all.length,
    activities: all.filter((event) => event.activityTaskScheduledEventAttributes).length,
    localActivities: all.filter((event) => event.markerRecordedEventAttributes).length,
    workflowTasks: all.filter((event) => event.workflowTaskCompletedEventAttributes).length,
    activityEndsMs: all
      .filter((event) => event.activityTaskCompletedEventAttributes)
      .map(({ eventTime }) => Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1_000_000),
  };
}

/** Runs a sync of a workspace from start to result, and takes the time in milliseconds. */
export async function timeSync(
  temporal: Client,
  type: WorkflowType,
  workspaceId: string,
): Promise<{ ms: number; result: SyncResult }> {
  const startedAt = performance.now();
  const result: SyncResult = await temporal.workflow.execute(type, {
    taskQueue: TaskQueue.calendarSync,
    workflowId: calendarSyncWorkflowId(workspaceId),
    args: [{ workspaceId }],
  });
  const ms = performance.now() - startedAt;
  if (!result.success) throw new Error(`The sync failed: ${JSON.stringify(result)}`);
  return { ms, result };
}
