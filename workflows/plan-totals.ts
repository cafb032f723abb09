import type { PlanFanOutResult } from '../contracts/plan-fan-out.ts';
import type { PlanResult } from '../contracts/planning.ts';
import { addSample } from './fan-out-totals.ts';

export function emptyPlanTotals(): PlanFanOutResult {
  const counts = { placed: 0, unscheduled: 0, created: 0, moved: 0, deleted: 0 };
  return { succeeded: 0, failed: 0, skipped: 0, ...counts, sampleFailures: [] };
}

/** Counts a child that ran to its end, well or not. */
export function addPlanResult(totals: PlanFanOutResult, result: PlanResult): void {
  totals[result.success ? 'succeeded' : 'failed'] += 1;
  if (!result.success) addSample(totals, result.workspaceId, result.error ?? result.refused ?? 'failed');
  for (const name of ['placed', 'unscheduled', 'created', 'moved', 'deleted'] as const) {
    totals[name] += result[name];
  }
}
