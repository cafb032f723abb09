import type { Priority } from '@temporalio/common';
import { condition, isCancellation } from '@temporalio/workflow';
import type { SyncRunContext } from '../contracts/sync-activities.ts';
import { FailureType } from '../contracts/failure-types.ts';
import type { SyncTargets } from '../contracts/sync.ts';
import type { SyncMode } from '../contracts/sync-modes.ts';
import { database, google, localDatabase } from './activities.ts';
import type { AwaitedRequests } from './awaited-requests.ts';
import type { Turn } from './calendar-queue.ts';
import { failureTypeOf, refusedGrantOf } from './failure-type-of.ts';
import { startChannelUpkeep } from './start-channel-upkeep.ts';
import { syncCalendar } from './sync-calendar.ts';
import type { SyncLedger } from './sync-ledger.ts';
import type { SyncRequests } from './sync-requests.ts';
import type { SyncTurns } from './sync-turns.ts';

/** Longest wait for due calendar lists: a failing account must not hold up the calendars of others. */
const LISTS_FIRST = '5 seconds';

/** State shared by the passes of one run. */
export interface PassContext {
  run: SyncRunContext;
  ledger: SyncLedger;
  turns: SyncTurns;
  awaited: AwaitedRequests;
  /** Priority of further Google calls. Undefined: the run's own. */
  priority: () => Priority | undefined;
}

/**
 * Finds the calendars that the requests mean, and queues them. Due calendar lists are refreshed first; a slow
 * refresh queues its new calendars when it ends.
 * @param known due calendars and accounts found by the fan-out; undefined: the pass reads them
 */
export async function planPass(
  context: PassContext,
  requests: SyncRequests,
  pass: number,
  known: SyncTargets | undefined,
): Promise<void> {
  const { ledger, turns } = context;
  const targets = known ?? (await lookUpTargets(context));
  const calendarIds = new Set(targets.calendarIds);
  const queue = (calendarId: string) => {
    const mode = requests.modeFor(calendarId);
    if (mode !== null) turns.queue.add(calendarId, mode, pass);
  };
  let refreshing = 0;
  let isQueued = false;
  for (const accountId of requests.namesItsCalendars ? [] : targets.accountIds) {
    const hasBegun = turns.refresh(accountId, pass, async () => {
      const changes = await refreshCalendarList(context, accountId);
      for (const calendarId of changes.newCalendarIds) {
        queue(calendarId);
        if (isQueued) ledger.extendPass();
      }
      for (const calendarId of changes.removedCalendarIds) {
        calendarIds.delete(calendarId);
        turns.queue.remove(calendarId);
      }
      refreshing -= 1;
      if (changes.wantsChannels === true) await startChannelUpkeep(context.run.workspaceId);
    });
    if (hasBegun) refreshing += 1;
  }
  if (refreshing > 0)
    await condition(() => refreshing === 0, LISTS_FIRST, { summary: `${refreshing} calendar lists first` });
  for (const calendarId of calendarIds) queue(calendarId);
  ledger.beginPass(turns.queue.outstanding);
  isQueued = true;
}

async function lookUpTargets({ run, ledger }: PassContext): Promise<SyncTargets> {
  const { disconnectedAccountIds, ...targets } = await localDatabase.loadSyncTargets({
    workspaceId: run.workspaceId,
  });
  for (const accountId of disconnectedAccountIds)
    ledger.failAccount(accountId, FailureType.googleAuthRevoked);
  return targets;
}

async function refreshCalendarList({ run, ledger, priority }: PassContext, accountId: string) {
  try {
    const { workspaceId, correlationId } = run;
    const changes = await google.refreshCalendarList.executeWithOptions(
      { summary: accountId, priority: priority() },
      [{ workspaceId, accountId, correlationId }],
    );
    ledger.clearAccount(accountId);
    return changes;
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failureType = failureTypeOf(error);
    ledger.failAccount(accountId, failureType);
    const mode: SyncMode = 'incremental';
    const refused = refusedGrantOf(error);
    await database.recordSyncFailure.executeWithOptions({ summary: `${accountId} ${failureType}` }, [
      { ...run, accountId, calendarId: null, mode, failureType, ...refused },
    ]);
    return { newCalendarIds: [], removedCalendarIds: [] };
  }
}

/** One calendar's turn. A failure is recorded, and does not stop other calendars. */
export async function runCalendar(context: PassContext, work: Turn): Promise<void> {
  const { run, ledger, priority } = context;
  const { calendarId, mode, turn } = work;
  const served = context.awaited.servedBy(calendarId, mode);
  try {
    await syncCalendar({ ...run, calendarId, mode, turn }, priority, (page) => {
      ledger.note(calendarId, page.mode, page.totals);
      served.note(page.mode);
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failureType = failureTypeOf(error);
    ledger.failCalendar(calendarId, mode, failureType);
    served.fail(failureType);
    // Another run has taken over the calendar, and records its own outcome.
    if (failureType === FailureType.fenced) return;
    const refused = refusedGrantOf(error);
    await database.recordSyncFailure.executeWithOptions({ summary: `${calendarId} ${failureType}` }, [
      { ...run, calendarId, accountId: null, mode, failureType, ...refused },
    ]);
  } finally {
    ledger.finishCalendar();
  }
}
