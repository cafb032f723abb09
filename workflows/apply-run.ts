import { isCancellation } from '@temporalio/workflow';
import type { PlanResult, WriteCounts } from '../contracts/planning.ts';
import type { ApplyWritesResult, PlanRunContext } from '../contracts/planning-activities.ts';
import { database, google } from './activities.ts';
import { failureTypeOf } from './failure-type-of.ts';

/**
 * Writes what a run stands for, batch after batch, and adds what was written to the result. A run that fails on the
 * way says so in its row; what it has written stays, and the next run goes on from there.
 */
export async function applyRun(
  run: PlanRunContext,
  runId: string,
  result: PlanResult,
): Promise<Exclude<ApplyWritesResult['outcome'], 'more'>> {
  try {
    for (;;) {
      const { outcome, totals } = await google.applyWrites.executeWithOptions({ summary: runId }, [
        { ...run, runId },
      ]);
      if (outcome === 'more') continue;
      addCounts(result, totals);
      return outcome;
    }
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { totals } = await database.failPlanRun({ ...run, runId, failureType: failureTypeOf(error) });
    addCounts(result, totals);
    throw error;
  }
}

function addCounts(result: PlanResult, { created, moved, deleted }: WriteCounts): void {
  result.created += created;
  result.moved += moved;
  result.deleted += deleted;
}
