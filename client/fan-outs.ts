import { type Client, ServiceError, QueryNotRegisteredError, QueryRejectedError } from '@temporalio/client';
import type { FanOutProgress } from '../contracts/fan-out.ts';
import type { FanOutTotals } from '../contracts/fan-out-results.ts';
import { PROGRESS_QUERY } from '../contracts/sync.ts';
import { WorkflowType } from '../contracts/workflow-types.ts';

/** Workflow types of coordinators; their children have other types. */
const FAN_OUT_TYPES: readonly WorkflowType[] = [
  WorkflowType.syncAllWorkspaces,
  WorkflowType.scheduleAllWorkspaces,
];
/** Limit for a query; a running worker answers within milliseconds. */
const ANSWER_WITHIN_MS = 2_000;

/** At most one of each schedule runs, and few that were started by hand. */
const MOST_READ = 20;

/** A running fan-out. */
export interface RunningFanOut {
  workflowId: string;
  runId: string;
  type: string;
  startedAt: string;
  /** Null: no worker answered. */
  progress: FanOutProgress<FanOutTotals> | null;
}

/** Running fan-outs, oldest first. */
export async function readRunningFanOuts(temporal: Client): Promise<RunningFanOut[]> {
  const types = FAN_OUT_TYPES.map((type) => `'${type}'`).join(', ');
  const query = `WorkflowType IN (${types}) AND ExecutionStatus = 'Running'`;
  const running: RunningFanOut[] = [];
  for await (const { workflowId, runId, type, startTime } of temporal.workflow.list({ query })) {
    if (running.length === MOST_READ) break;
    const progress = await readFanOutProgress(temporal, workflowId);
    running.push({ workflowId, runId, type, startedAt: startTime.toISOString(), progress });
  }
  return running.toSorted((one, other) => one.startedAt.localeCompare(other.startedAt));
}

/** Progress of a fan-out; null without an answer: no worker is running, or the fan-out has just begun. */
export async function readFanOutProgress(
  temporal: Client,
  workflowId: string,
): Promise<FanOutProgress<FanOutTotals> | null> {
  try {
    return await temporal.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
      temporal.workflow.getHandle(workflowId).query<FanOutProgress<FanOutTotals>>(PROGRESS_QUERY),
    );
  } catch (error) {
    const unanswered =
      error instanceof ServiceError ||
      error instanceof QueryNotRegisteredError ||
      error instanceof QueryRejectedError;
    if (unanswered) return null;
    throw error;
  }
}
