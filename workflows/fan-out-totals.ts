import type { SyncResult } from '../contracts/sync.ts';
import { type FanOutResult, MAX_SAMPLE_FAILURES } from '../contracts/fan-out.ts';

export function emptyTotals(): FanOutResult {
  return { succeeded: 0, failed: 0, skipped: 0, calendars: 0, upserted: 0, deleted: 0, sampleFailures: [] };
}

/** Adds `more` to `totals`, in place. Only the first failures are kept as samples. */
export function addTotals(totals: FanOutResult, more: FanOutResult): void {
  totals.succeeded += more.succeeded;
  totals.failed += more.failed;
  totals.skipped += more.skipped;
  totals.calendars += more.calendars;
  totals.upserted += more.upserted;
  totals.deleted += more.deleted;
  for (const { workspaceId, error } of more.sampleFailures) addSample(totals, workspaceId, error);
}

/** Counts a child that ran to its end, well or not. */
export function addResult(totals: FanOutResult, result: SyncResult): void {
  const [failed] = [...result.calendars, ...(result.accounts ?? [])].flatMap(({ error }) => error ?? []);
  totals[result.success ? 'succeeded' : 'failed'] += 1;
  if (failed !== undefined) addSample(totals, result.workspaceId, failed);
  totals.calendars += result.calendars.length;
  for (const { upserted, deleted } of result.calendars) {
    totals.upserted += upserted;
    totals.deleted += deleted;
  }
}

export function addSample(totals: FanOutResult, workspaceId: string, error: string): void {
  if (totals.sampleFailures.length < MAX_SAMPLE_FAILURES) totals.sampleFailures.push({ workspaceId, error });
}
