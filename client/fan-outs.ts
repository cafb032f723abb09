import type { Client } from '@temporalio/client';
import type { FanOutProgress } from '../contracts/fan-out.ts';
import type { FanOutTotals } from '../contracts/fan-out-results.ts';
import type { TemplateProgress } from '../contracts/templates.ts';
import { WorkflowType } from '../contracts/workflow-types.ts';
import { queryProgress } from './query-progress.ts';

/** Workflow types of coordinators; their children have other types. */
const FAN_OUT_TYPES: readonly WorkflowType[] = [
  WorkflowType.syncAllWorkspaces,
  WorkflowType.scheduleAllWorkspaces,
  WorkflowType.applyTemplateToWorkspaces,
];

/** At most one of each schedule runs, and few that were started by hand. */
const MOST_READ = 20;

/** A running fan-out. */
export interface RunningFanOut {
  workflowId: string;
  runId: string;
  type: string;
  startedAt: string;
  /** Null: no worker answered, or the workspaces are not counted yet. */
  progress: WorkspaceCounts | null;
}

type WorkspaceCounts = Pick<FanOutProgress<FanOutTotals>, 'workspaces' | 'succeeded' | 'failed' | 'skipped'>;

/** Running fan-outs, oldest first. */
export async function readRunningFanOuts(temporal: Client): Promise<RunningFanOut[]> {
  const types = FAN_OUT_TYPES.map((type) => `'${type}'`).join(', ');
  const query = `WorkflowType IN (${types}) AND ExecutionStatus = 'Running'`;
  const running: RunningFanOut[] = [];
  for await (const { workflowId, runId, type, startTime } of temporal.workflow.list({ query })) {
    if (running.length === MOST_READ) break;
    const progress =
      type === WorkflowType.applyTemplateToWorkspaces
        ? countsOf(await queryProgress<TemplateProgress>(temporal, workflowId))
        : await readFanOutProgress(temporal, workflowId);
    running.push({ workflowId, runId, type, startedAt: startTime.toISOString(), progress });
  }
  return running.toSorted((one, other) => one.startedAt.localeCompare(other.startedAt));
}

function countsOf(progress: TemplateProgress | null): WorkspaceCounts | null {
  if (progress === null || progress.left === null) return null;
  const { applied: succeeded, failed, skipped, left } = progress;
  return { workspaces: succeeded + failed + skipped + left, succeeded, failed, skipped };
}

/** Progress of a fan-out; null without an answer: no worker is running, or the fan-out has just begun. */
export const readFanOutProgress = async (
  temporal: Client,
  workflowId: string,
): Promise<FanOutProgress<FanOutTotals> | null> => queryProgress(temporal, workflowId);
