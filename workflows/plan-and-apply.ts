import { FailureType } from '../contracts/failure-types.ts';
import type { PlanRequest, PlanResult } from '../contracts/planning.ts';
import type { PlanRunContext } from '../contracts/planning-activities.ts';
import type { SyncResult } from '../contracts/sync.ts';
import { google, planning } from './activities.ts';
import { applyRun } from './apply-run.ts';
import { syncFirst } from './sync-first.ts';

/** People who keep editing what is being written have the last word; the next run goes on. */
const ROUNDS = 3;

/** These need a person, who may take days: a plan from what is known is better than none. */
const LASTING_FAILURES: readonly FailureType[] = [
  FailureType.googleAuthRevoked,
  FailureType.googleForbidden,
  FailureType.googleNotFound,
  FailureType.googleBadRequest,
  FailureType.googleClientRejected,
  FailureType.tokenUndecryptable,
];

/** Plans and, in mode `apply`, writes; plans anew when a person edits a block while it is being written. */
export async function planAndApply(
  request: PlanRequest & { mode: 'preview' | 'apply' },
  run: PlanRunContext,
  result: PlanResult,
): Promise<void> {
  const { mode, days = null, force = false, safe = false } = request;
  let expectedFingerprint = request.expectedFingerprint ?? null;
  for (let round = 0; round < ROUNDS; round += 1) {
    if (!(await bringUpToDate(run, result, mode, safe))) return;
    const plan = await planning.planWorkspace({ ...run, mode, days, force, safe, expectedFingerprint });
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
    // What was asked for has been compared; from here on the edits are known.
    expectedFingerprint = null;
  }
  result.refused = 'edited-meanwhile';
}

/**
 * Syncs, then takes over what people have done to blocks. Answers false, with the reason in `result`, where the
 * mirror may lack something and blocks must not be written.
 */
export async function bringUpToDate(
  run: PlanRunContext,
  result: PlanResult,
  mode: 'preview' | 'apply',
  safe: boolean,
): Promise<boolean> {
  let synced = await syncFirst(run);
  // A calendar that is gone leaves with the list of its account, which is read anew after such a failure.
  const isGone = synced.calendars.some(({ error }) => error === FailureType.googleNotFound);
  if (isGone) synced = await syncFirst(run);
  if (mode === 'apply' && isIncomplete(synced, safe)) {
    result.refused = 'not-synced';
    return false;
  }
  const syncedCalendarIds = synced.calendars.flatMap(({ calendarId, error }) => (error ? [] : [calendarId]));
  const { pinned, declined } = await google.reconcileBlocks({ ...run, syncedCalendarIds });
  result.edits.pinned += pinned;
  result.edits.declined += declined;
  return true;
}

function isIncomplete({ calendars, accounts = [] }: SyncResult, safe: boolean): boolean {
  const failures = [...calendars, ...accounts].flatMap(({ error }) => error ?? []);
  return failures.some((failure) => safe || !LASTING_FAILURES.includes(failure));
}
