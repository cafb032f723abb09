import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import type { SyncProgress } from '../contracts/sync.ts';
import type { VerifyProgress } from '../contracts/verification.ts';
import {
  calendarSyncWorkflowId,
  calendarVerifyWorkflowId,
  smartScheduleWorkflowId,
} from '../contracts/workflow-ids.ts';
import { instant } from '../services/shapes.ts';
import { queryProgress } from './query-progress.ts';
import { startedRunSchema } from './started-run.ts';

/** Work of which a workspace has at most one run at a time, by its workflow ID. */
const WORK = {
  sync: calendarSyncWorkflowId,
  verification: calendarVerifyWorkflowId,
  plan: smartScheduleWorkflowId,
} as const;
type Work = keyof typeof WORK;

export const runningWorkSchema = startedRunSchema.extend({
  work: z.enum(['sync', 'verification', 'plan'] satisfies Work[]),
  startedAt: instant,
  progress: z
    .object({
      calendarsDone: z.int(),
      calendarsTotal: z.int(),
      pages: z.int().describe('Pages that Google has listed so far'),
    })
    .nullable()
    .describe('Null: a plan, or no worker answered within two seconds'),
});
type RunningWork = z.infer<typeof runningWorkSchema>;

/** What runs for a workspace now. A run that has just ended is left out. */
export async function readRunningWork(temporal: Client, workspaceId: string): Promise<RunningWork[]> {
  const runs = await Promise.all(
    (Object.keys(WORK) as Work[]).map((work) => readRun(temporal, work, workspaceId)),
  );
  return runs.filter((run) => run !== null);
}

async function readRun(temporal: Client, work: Work, workspaceId: string): Promise<RunningWork | null> {
  const workflowId = WORK[work](workspaceId);
  try {
    const { status, runId, startTime } = await temporal.workflow.getHandle(workflowId).describe();
    if (status.name !== 'RUNNING') return null;
    const progress =
      work === 'plan' ? null : await queryProgress<SyncProgress | VerifyProgress>(temporal, workflowId);
    return {
      work,
      workflowId,
      runId,
      startedAt: startTime.toISOString(),
      progress: progress && {
        calendarsDone: progress.calendarsDone,
        calendarsTotal: progress.calendarsTotal,
        pages: progress.pages,
      },
    };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
