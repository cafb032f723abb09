import { FailureType } from '../contracts/failure-types.ts';
import type { PlanRequest } from '../contracts/planning.ts';
import type { PlanResult } from '../contracts/plan-result.ts';
import type { PlanRunContext } from '../contracts/planning-activities.ts';
import type { SyncResult } from '../contracts/sync-result.ts';
import { google, planning } from './activities.ts';
import { applyRun } from './apply-run.ts';
import { syncFirst } from './sync-first.ts';

/** Attempts before yielding to people who keep editing the blocks being written; the next run continues. */
const ROUNDS = 3;

/** Failures that need a person, who may take days: a plan from an incomplete mirror is better than none. */
const LASTING_FAILURES: readonly FailureType[] = [
  FailureType.googleAuthRevoked,
  FailureType.googleForbidden,
  FailureType.googleNotFound,
  FailureType.googleBadRequest,
  FailureType.googleClientRejected,
  FailureType.tokenUndecryptable,
];

/** Plans and, in mode `apply`, writes; plans again when a person edits a block while it is being written. */
export async function planAndApply(
  request: PlanRequest & { mode: 'preview' | 'apply' },
  run: PlanRunContext,
  result: PlanResult,
): Promise<void> {
  const { mode, days = null, force = false, safe = false } = request;
  let expectedFingerprint = request.expectedFingerprint ?? null;
  for (let round = 0; round < ROUNDS; round += 1) {
    if (!(await bringUpToDate(run, result, mode, safe))) return;
    const plan = await planning.planWorkspace.executeWithOptions(
      { summary: `${mode}, round ${round + 1} of ${ROUNDS} at most` },
      [{ ...run, mode, days, force, safe, expectedFingerprint }],
    );
    result.runId = plan.runId;
    result.placed = plan.placed;
    result.unscheduled = plan.unscheduled;
    result.replanned ||= plan.replanned;
    if (plan.refused !== null) result.refused = plan.refused;
    if (mode === 'preview' || plan.refused !== null) return;
    if ((await applyRun(run, plan.runId, result)) === 'done') {
      result.applied = true;
      return;
    }
    if (safe) break;
    // The first round has compared the plan with the preview; later rounds include the user's own edits.
    expectedFingerprint = null;
  }
  result.refused = 'edited-meanwhile';
}

/**
 * Syncs, then takes over edits that people have made to blocks. Returns false, with the reason in `result`,
 * when the mirror may be incomplete, so that blocks must not be written.
 */
export async function bringUpToDate(
  run: PlanRunContext,
  result: PlanResult,
  mode: 'preview' | 'apply',
  safe: boolean,
): Promise<boolean> {
  let synced = await syncFirst(run);
  // Its failure made the calendar list due: a second sync reads the list, which lacks a deleted calendar.
  const isGone = synced.calendars.some(({ error }) => error === FailureType.googleNotFound);
  if (isGone) synced = await syncFirst(run);
  if (mode === 'apply' && isIncomplete(synced, safe)) {
    result.refused = 'not-synced';
    return false;
  }
  const syncedCalendarIds = synced.calendars.flatMap(({ calendarId, error }) => (error ? [] : [calendarId]));
  const { pinned, declined } = await google.reconcileBlocks.executeWithOptions(
    { summary: `${syncedCalendarIds.length} calendars` },
    [{ ...run, syncedCalendarIds }],
  );
  result.edits.pinned += pinned;
  result.edits.declined += declined;
  return true;
}

function isIncomplete({ calendars, accounts = [] }: SyncResult, safe: boolean): boolean {
  const failures = [...calendars, ...accounts].flatMap(({ error }) => error ?? []);
  return failures.some((failure) => safe || !LASTING_FAILURES.includes(failure));
}
