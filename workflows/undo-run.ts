import type { PlanResult } from '../contracts/plan-result.ts';
import type { PlanRunContext } from '../contracts/planning-activities.ts';
import { database } from './activities.ts';
import { applyRun } from './apply-run.ts';
import { bringUpToDate } from './plan-and-apply.ts';

/**
 * Reverts what an applied run has created, moved and deleted, except blocks that were edited since or whose
 * former place is taken. The undo is itself a run.
 */
export async function undoRun(undoRunId: string, run: PlanRunContext, result: PlanResult): Promise<void> {
  if (!(await bringUpToDate(run, result, 'apply', false))) return;
  const { runId } = await database.prepareUndo.executeWithOptions({ summary: undoRunId }, [
    { ...run, undoRunId },
  ]);
  result.runId = runId;
  if (runId === null) result.refused = 'nothing-to-undo';
  else if ((await applyRun(run, runId, result)) === 'done') result.applied = true;
  else result.refused = 'edited-meanwhile';
}
