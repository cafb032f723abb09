import type { Priority } from '@temporalio/common';
import { isCancellation, patched, workflowInfo } from '@temporalio/workflow';
import type { SyncRunContext } from '../contracts/activities.ts';
import { FailureType } from '../contracts/failure-types.ts';
import type { SyncMode, SyncRequest, SyncTargets } from '../contracts/sync.ts';
import { database, google, localDatabase } from './activities.ts';
import { failureTypeOf, refusedGrantOf } from './failure-type-of.ts';
import { Pool } from './pool.ts';
import { syncCalendar } from './sync-calendar.ts';
import { startChannelUpkeep } from './start-channel-upkeep.ts';
import type { SyncLedger } from './sync-ledger.ts';
import { modeAskedFor, namesItsCalendars } from './sync-requests.ts';

/** Syncs from before they had channels opened have to replay without, whoever ran their activities. */
const SYNCS_OPEN_CHANNELS = 'syncs-open-channels';
/** Calendars of a workspace that are synced side by side: Google counts requests per user. */
const CALENDARS_AT_ONCE = 4;

/** What the passes of one run share. */
interface PassContext {
  run: SyncRunContext;
  ledger: SyncLedger;
  /** Counts from 0: the fence orders the listings of a calendar by pass. */
  pass: number;
  /** Of what is asked of Google from now on. Undefined: that of the run. */
  priority: () => Priority | undefined;
}

interface CalendarWork {
  calendarId: string;
  mode: SyncMode;
}

/**
 * One pass over a workspace's calendars. One calendar that fails does not stop the others.
 * @param known what the fan-out has found to be due; without it the pass looks for itself
 * @returns requests it did not get to, because the history has grown long
 */
export async function syncPass(
  context: PassContext,
  requests: readonly SyncRequest[],
  known: SyncTargets | undefined,
): Promise<SyncRequest[]> {
  const work = await planPass(context, requests, known);
  context.ledger.beginPass(work.length);
  const pool = new Pool(CALENDARS_AT_ONCE);
  let started = 0;
  for (const one of work) {
    if (started > 0 && workflowInfo().continueAsNewSuggested) break;
    started += 1;
    await pool.start(() => runCalendar(context, one));
  }
  await pool.drain();
  return work.slice(started).map(({ calendarId, mode }) => ({ mode, calendarIds: [calendarId] }));
}

async function planPass(
  context: PassContext,
  requests: readonly SyncRequest[],
  known: SyncTargets | undefined,
): Promise<CalendarWork[]> {
  const { run, ledger } = context;
  const targets = known ?? (await lookUpTargets(context));
  const calendarIds = new Set(targets.calendarIds);
  let wantsChannels = false;
  for (const accountId of requests.every(namesItsCalendars) ? [] : targets.accountIds) {
    try {
      const { workspaceId, correlationId } = run;
      const changes = await google.refreshCalendarList.executeWithOptions(
        { summary: accountId, priority: context.priority() },
        [{ workspaceId, accountId, correlationId }],
      );
      for (const calendarId of changes.newCalendarIds) calendarIds.add(calendarId);
      for (const calendarId of changes.removedCalendarIds) calendarIds.delete(calendarId);
      wantsChannels ||= changes.wantsChannels === true;
    } catch (error) {
      if (isCancellation(error)) throw error;
      const failureType = failureTypeOf(error);
      ledger.failAccount(accountId, failureType);
      await database.recordSyncFailure({
        ...run,
        accountId,
        calendarId: null,
        mode: 'incremental',
        failureType,
        ...refusedGrantOf(error),
      });
    }
  }
  if (wantsChannels && patched(SYNCS_OPEN_CHANNELS)) await startChannelUpkeep(run.workspaceId);
  return [...calendarIds].flatMap((calendarId) => {
    const mode = modeAskedFor(requests, calendarId);
    return mode === null ? [] : [{ calendarId, mode }];
  });
}

async function lookUpTargets({ run, ledger }: PassContext): Promise<SyncTargets> {
  const { disconnectedAccountIds, ...targets } = await localDatabase.loadSyncTargets({
    workspaceId: run.workspaceId,
  });
  for (const accountId of disconnectedAccountIds)
    ledger.failAccount(accountId, FailureType.googleAuthRevoked);
  return targets;
}

async function runCalendar({ run, ledger, pass, priority }: PassContext, work: CalendarWork): Promise<void> {
  const { calendarId, mode } = work;
  try {
    await syncCalendar({ ...run, calendarId, mode, pass }, priority, (page) =>
      ledger.note(calendarId, page.mode, page.totals),
    );
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failureType = failureTypeOf(error);
    ledger.failCalendar(calendarId, mode, failureType);
    // A calendar that another run has taken over is in that run's care.
    if (failureType === FailureType.fenced) return;
    const refused = refusedGrantOf(error);
    await database.recordSyncFailure({ ...run, calendarId, accountId: null, mode, failureType, ...refused });
  } finally {
    ledger.finishCalendar();
  }
}
