import {
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { FailureType } from '../contracts/failure-types.ts';
import type {
  CalendarVerification,
  DifferenceSummaries,
  VerifyInput,
  VerifyResult,
} from '../contracts/verification.ts';
import { localDatabase } from './activities.ts';
import { addSummaries, countDifferences, emptySummaries } from './difference-summaries.ts';
import { failureTypeOf } from './failure-type-of.ts';
import { checkVerifyInput } from './input/verification.ts';
import { verifyProgress } from './messages.ts';
import { CalendarVerifier } from './verify-calendar.ts';
import { nameRun } from './name-run.ts';

/**
 * Compares a workspace's mirror with Google, event by event, and its occurrences with its events; repairs
 * differences only if `repair` is set. Runs beside syncs, one calendar after the other, at the lowest
 * priority. Workflow ID `calendar-verify/{workspaceId}`.
 */
export async function verifyWorkspace(untrusted: VerifyInput): Promise<VerifyResult> {
  const input = checkVerifyInput(untrusted);
  const { workspaceId, resume } = input;
  const correlationId = input.correlationId ?? workflowInfo().runId;
  const done: CalendarVerification[] = resume?.calendars ?? [];
  const differences = resume?.differences ?? emptySummaries();
  let wanted: string[] = [];
  let current: CalendarVerifier | undefined;
  setHandler(verifyProgress, () => {
    const sum = (field: 'pages' | 'events') =>
      done.reduce((total, calendar) => total + calendar[field], current?.[field] ?? 0);
    return {
      workspaceId,
      calendarsDone: done.length,
      calendarsTotal: done.length + wanted.length,
      pages: sum('pages'),
      events: sum('events'),
    };
  });
  nameRun(workspaceId);

  const targets = await localDatabase.loadSyncTargets({ workspaceId });
  wanted = [...new Set(resume?.calendarIds ?? input.calendarIds ?? targets.calendarIds)];
  for (const [index, calendarId] of [...wanted].entries()) {
    if (index > 0 && workflowInfo().continueAsNewSuggested) {
      const rest = { calendars: done, differences, calendarIds: wanted };
      await continueAsNew<typeof verifyWorkspace>({ ...input, correlationId, resume: rest });
    }
    setCurrentDetails(`Calendar ${calendarId}: ${done.length} are done, ${wanted.length} are left`);
    current = new CalendarVerifier({ workspaceId, calendarId, repair: input.repair ?? false, correlationId });
    const syncable = targets.calendarIds.includes(calendarId);
    const verification = syncable ? await verifyOne(current, calendarId, differences) : nothingOf(calendarId);
    current = undefined;
    wanted.shift();
    done.push(verification);
  }
  return toResult(workspaceId, done, differences, targets.disconnectedAccountIds);
}

/** Adds to `differences`. A calendar that fails does not stop the others. */
async function verifyOne(
  verifier: CalendarVerifier,
  calendarId: string,
  differences: DifferenceSummaries,
): Promise<CalendarVerification> {
  try {
    const findings = await verifier.verify();
    if (typeof findings === 'string') return { ...nothingOf(calendarId), outcome: findings };
    const { differences: found, ...counts } = findings;
    addSummaries(differences, found);
    return {
      calendarId,
      ...counts,
      differences: countDifferences(found, 'found'),
      repaired: countDifferences(found, 'repaired'),
    };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { ...nothingOf(calendarId), outcome: 'failed', error: failureTypeOf(error) };
  }
}

function nothingOf(calendarId: string): CalendarVerification {
  return {
    calendarId,
    outcome: 'not-syncable',
    events: 0,
    pages: 0,
    differences: 0,
    repaired: 0,
    pending: 0,
  };
}

function toResult(
  workspaceId: string,
  calendars: CalendarVerification[],
  differences: DifferenceSummaries,
  disconnectedAccountIds: readonly string[],
): VerifyResult {
  const inStep = calendars.every((one) => one.outcome === 'compared' && one.differences === one.repaired);
  const accounts = disconnectedAccountIds.map((accountId) => ({
    accountId,
    error: FailureType.googleAuthRevoked,
  }));
  return {
    workspaceId,
    inStep: inStep && accounts.length === 0,
    calendars,
    differences,
    ...(accounts.length === 0 ? {} : { accounts }),
  };
}
