import {
  continueAsNew,
  isCancellation,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { FailureType } from '../contracts/failure-types.ts';
import { WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import type { CalendarVerification, VerifyInput, VerifyResult } from '../contracts/verification.ts';
import { localDatabase } from './activities.ts';
import { addSummaries, countDifferences, emptySummaries } from './difference-summaries.ts';
import { failureTypeOf } from './failure-type-of.ts';
import { checkVerifyInput } from './input.ts';
import { verifyProgress } from './messages.ts';
import { CalendarVerifier } from './verify-calendar.ts';

/**
 * Compares a workspace's mirror with Google, event by event, and its occurrences with its events; mends what differs
 * only where `repair` is set. Runs beside syncs, one calendar after the other and at the lowest priority. Workflow
 * ID `calendar-verify/{workspaceId}`.
 */
export async function verifyWorkspace(untrusted: VerifyInput): Promise<VerifyResult> {
  const input = checkVerifyInput(untrusted);
  const { workspaceId, repair = false } = input;
  const { runId, typedSearchAttributes } = workflowInfo();
  const correlationId = input.correlationId ?? runId;
  if (typedSearchAttributes.get(WORKSPACE_ID_ATTRIBUTE) === undefined) {
    upsertSearchAttributes([{ key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId }]);
  }
  const calendars: CalendarVerification[] = input.resume?.calendars ?? [];
  const differences = input.resume?.differences ?? emptySummaries();
  const sum = (field: 'pages' | 'events') => calendars.reduce((total, one) => total + one[field], 0);
  let wanted: string[] = [];
  let current: CalendarVerifier | undefined;
  setHandler(verifyProgress, () => ({
    workspaceId,
    calendarsDone: calendars.length,
    calendarsTotal: calendars.length + wanted.length,
    pages: sum('pages') + (current?.pages ?? 0),
    events: sum('events') + (current?.events ?? 0),
  }));

  const targets = await localDatabase.loadSyncTargets({ workspaceId });
  wanted = [...new Set(input.resume?.calendarIds ?? input.calendarIds ?? targets.calendarIds)];
  for (let first = true; wanted.length > 0; first = false) {
    if (!first && workflowInfo().continueAsNewSuggested) {
      const resume = { calendars, differences, calendarIds: wanted };
      await continueAsNew<typeof verifyWorkspace>({ ...input, correlationId, resume });
    }
    const calendarId = wanted[0]!;
    const verification: CalendarVerification = { calendarId, outcome: 'not-syncable', ...NOTHING };
    if (targets.calendarIds.includes(calendarId)) {
      current = new CalendarVerifier({ workspaceId, calendarId, repair, correlationId });
      try {
        const findings = await current.verify();
        if (typeof findings === 'string') verification.outcome = findings;
        else {
          const { differences: found, ...counts } = findings;
          addSummaries(differences, found);
          Object.assign(verification, counts, {
            differences: countDifferences(found),
            repaired: countDifferences(found, 'repaired'),
          });
        }
      } catch (error) {
        if (isCancellation(error)) throw error;
        Object.assign(verification, { outcome: 'failed', error: failureTypeOf(error) });
      }
      current = undefined;
    }
    wanted.shift();
    calendars.push(verification);
  }

  const accounts = targets.disconnectedAccountIds.map((accountId) => ({
    accountId,
    error: FailureType.googleAuthRevoked,
  }));
  const inStep = calendars.every(
    ({ outcome, differences: found, repaired }) => outcome === 'compared' && found === repaired,
  );
  return {
    workspaceId,
    inStep: inStep && accounts.length === 0,
    calendars,
    differences,
    ...(accounts.length === 0 ? {} : { accounts }),
  };
}

const NOTHING = { events: 0, pages: 0, differences: 0, repaired: 0, pending: 0 };
