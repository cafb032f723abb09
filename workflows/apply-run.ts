import { isCancellation } from '@temporalio/workflow';
import type { PlanResult, WriteCounts } from '../contracts/plan-result.ts';
import type { ApplyWritesResult, PlanRunContext } from '../contracts/planning-activities.ts';
import { database, google } from './activities.ts';
import { failureTypeOf } from './failure-type-of.ts';

/**
 * Applies a run's writes, batch after batch, and adds their counts to the result. A run that fails on the way
 * is marked as failed; its completed writes stay, and the next run continues from them.
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
    const { totals } = await database.failPlanRun.executeWithOptions({ summary: runId }, [
      { ...run, runId, failureType: failureTypeOf(error) },
    ]);
    addCounts(result, totals);
    throw error;
  }
}

function addCounts(result: PlanResult, { created, moved, deleted }: WriteCounts): void {
  result.created += created;
  result.moved += moved;
  result.deleted += deleted;
}
