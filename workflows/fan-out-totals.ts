import { MAX_SAMPLE_FAILURES } from '../contracts/fan-out.ts';
import type { SyncFanOutResult, FanOutTotals } from '../contracts/fan-out-results.ts';
import type { SyncResult } from '../contracts/sync-result.ts';
import type { PlanFanOutResult } from '../contracts/fan-out-results.ts';
import type { PlanResult } from '../contracts/plan-result.ts';

export function emptySyncTotals(): SyncFanOutResult {
  return { succeeded: 0, failed: 0, skipped: 0, calendars: 0, upserted: 0, deleted: 0, sampleFailures: [] };
}

/** Adds the counts of `more` to `totals`, in place. Only the first failures are kept as samples. */
export function addTotals<Totals extends FanOutTotals>(totals: Totals, more: Totals): void {
  for (const [name, count] of Object.entries(more)) {
    if (typeof count === 'number') Object.assign(totals, { [name]: countOf(totals, name) + count });
  }
  for (const { workspaceId, error } of more.sampleFailures) addSample(totals, workspaceId, error);
}

function countOf(totals: FanOutTotals, name: string): number {
  return Number(Object.entries(totals).find(([key]) => key === name)?.[1] ?? 0);
}

/** Counts for the Web UI. */
export function describeTotals({ succeeded, failed, skipped }: FanOutTotals): string {
  return `Workspaces: ${succeeded} succeeded, ${failed} failed, ${skipped} skipped`;
}

/** Counts a child that ran to its end, well or not. */
export function addSyncResult(totals: SyncFanOutResult, result: SyncResult): void {
  const [failed] = [...result.calendars, ...(result.accounts ?? [])].flatMap(({ error }) => error ?? []);
  totals[result.success ? 'succeeded' : 'failed'] += 1;
  if (failed !== undefined) addSample(totals, result.workspaceId, failed);
  totals.calendars += result.calendars.length;
  for (const { upserted, deleted } of result.calendars) {
    totals.upserted += upserted;
    totals.deleted += deleted;
  }
}

/** Keeps the first failures as samples: a list of all would outgrow a history. */
export function addSample(totals: FanOutTotals, workspaceId: string, error: string): void {
  if (totals.sampleFailures.length < MAX_SAMPLE_FAILURES) totals.sampleFailures.push({ workspaceId, error });
}

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
