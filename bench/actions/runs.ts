import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { changeSchedule } from '../../client/schedules.ts';
import type { ScheduleId } from '../../contracts/workflow-types.ts';
import { workspaceOfRun } from '../../services/usage/workspace-of-run.ts';
import { countActions } from '../support/billed-actions.ts';

const LOOK_EVERY_MS = 500;
/** The list of runs lags behind the server's own state by as much. */
const LAG_MS = 3_000;
const LONGEST_MS = 300_000;

/** Actions of the runs of one scenario. */
export interface Counted {
  runs: number;
  actions: number;
  /** Those that the usage of workspaces should have: of their own runs, with the intent to start each. */
  ofWorkspaces: number;
}

/** Triggers a schedule, which may be paused, and returns when its run has ended. */
export async function runSchedule<Result>(temporal: Client, id: ScheduleId): Promise<Result> {
  const last = async () => {
    const { info } = await temporal.schedule.getHandle(id).describe();
    return info.recentActions.at(-1)?.action.workflow;
  };
  const before = (await last())?.firstExecutionRunId;
  await changeSchedule(temporal, id, 'trigger');
  const deadline = Date.now() + LONGEST_MS;
  for (;;) {
    const run = await last();
    if (run !== undefined && run.firstExecutionRunId !== before)
      return temporal.workflow.getHandle(run.workflowId).result() as Promise<Result>;
    if (Date.now() > deadline) throw new Error(`The schedule ${id} has started nothing.`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** Does some work, waits until all runs that began since have ended, and counts their actions. */
export async function countedRuns(temporal: Client, work: () => Promise<unknown>): Promise<Counted> {
  const since = new Date();
  await work();
  const runs = await endedSince(temporal, since);
  let [actions, ofWorkspaces] = [0, 0];
  for (const { workflowId, runId, parentExecution } of runs) {
    const { events } = await temporal.workflow.getHandle(workflowId, runId).fetchHistory();
    const own = countActions(events ?? []);
    actions += own;
    if (workspaceOfRun(workflowId) === null) continue;
    const parentId = parentExecution?.workflowId;
    const intent = parentId != null && workspaceOfRun(parentId) === null ? 1 : 0;
    ofWorkspaces += own + intent;
  }
  return { runs: runs.length, actions, ofWorkspaces };
}

async function endedSince(temporal: Client, since: Date): Promise<WorkflowExecutionInfo[]> {
  const query = `StartTime >= '${since.toISOString()}'`;
  const deadline = Date.now() + LONGEST_MS;
  for (;;) {
    await sleep(LAG_MS);
    const { count: running } = await temporal.workflow.count(`${query} AND ExecutionStatus = 'Running'`);
    if (running === 0) break;
    if (Date.now() > deadline) throw new Error('Runs of the scenario do not end.');
  }
  const runs: WorkflowExecutionInfo[] = [];
  for await (const run of temporal.workflow.list({ query })) runs.push(run);
  return runs;
}
