import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contracts/failure-types.ts';
import { createApplyTemplatePage } from './apply-template-page.ts';
import { createBeginDeletion } from './begin-deletion.ts';
import { createCompareEventsPage } from './compare-events-page.ts';
import { createCompareOccurrences } from './compare-occurrences.ts';
import { createDeliverChangeBatch } from './deliver-change-batch.ts';
import { createDeleteExpired } from './delete-expired.ts';
import { createDeleteOwnCalendars } from './delete-own-calendars.ts';
import { createDeleteRows } from './delete-rows.ts';
import { toFailure } from '../services/failures.ts';
import { createFinishVerification } from './finish-verification.ts';
import { createForgetVerification } from './forget-verification.ts';
import { startHeartbeats } from './heartbeats.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { createListWorkspaces } from './list-workspaces.ts';
import { createLoadSyncTargets } from './load-sync-targets.ts';
import { createPartitionWorkspaces } from './partition-workspaces.ts';
import { createApplyEventWrites } from './apply-event-writes.ts';
import { createApplyWrites } from './apply-writes.ts';
import { createEndRuns } from './end-runs.ts';
import { createFailEventWrites } from './fail-event-writes.ts';
import { createFailPlanRun } from './fail-plan-run.ts';
import { createFindWrittenCalendars } from './find-written-calendars.ts';
import { createListPlannedWorkspaces } from './list-planned-workspaces.ts';
import { createPartitionPlannedWorkspaces } from './partition-planned-workspaces.ts';
import { createPlanWorkspace } from './plan-workspace.ts';
import { createPrepareUndo } from './prepare-undo.ts';
import { createPurgeCalendar } from './purge-calendar.ts';
import { createRecordPlanFailure } from './record-plan-failure.ts';
import { createReconcileBlocks } from './reconcile-blocks.ts';
import { createPullEventsPage } from './pull-events-page.ts';
import { createListChannelWork } from './list-channel-work.ts';
import { createOpenChannel } from './open-channel.ts';
import { createSettleChannels } from './settle-channels.ts';
import { createStopChannels } from './stop-channels.ts';
import { createReleaseAccount } from './release-account.ts';
import { createRecordSyncFailure } from './record-sync-failure.ts';
import { createRefreshCalendarList } from './refresh-calendar-list.ts';
import { createRollCalendarHorizons } from './roll-calendar-horizons.ts';
import { createSampleCalendars } from './sample-calendars.ts';
import { createSendNotices } from './send-notices.ts';
import { createSetPendingAside } from './set-pending-aside.ts';
import { createSettleDifferences } from './settle-differences.ts';

/** Sends heartbeats while the activity runs, and replaces every error by a failure that is safe to store. */
function guarded<Input, Result>(
  activity: (input: Input) => Promise<Result>,
  report: (error: unknown) => void,
): (input: Input) => Promise<Result> {
  return async (input) => {
    const stopHeartbeats = startHeartbeats();
    try {
      return await activity(input);
    } catch (error) {
      const failure = toFailure(error);
      if (failure instanceof ApplicationFailure && failure.type === FailureType.internal) report(error);
      throw failure;
    } finally {
      stopHeartbeats();
    }
  };
}

/** Activities that only touch Postgres, served on `calendar-sync`. */
export function createDatabaseActivities(dependencies: ActivityDependencies) {
  const { reportUnexpected } = dependencies;
  return {
    loadSyncTargets: guarded(createLoadSyncTargets(dependencies), reportUnexpected),
    recordSyncFailure: guarded(createRecordSyncFailure(dependencies), reportUnexpected),
    partitionWorkspaces: guarded(createPartitionWorkspaces(dependencies), reportUnexpected),
    listWorkspaces: guarded(createListWorkspaces(dependencies), reportUnexpected),
    rollCalendarHorizons: guarded(createRollCalendarHorizons(dependencies), reportUnexpected),
    sendNotices: guarded(createSendNotices(dependencies), reportUnexpected),
    compareOccurrences: guarded(createCompareOccurrences(dependencies), reportUnexpected),
    settleDifferences: guarded(createSettleDifferences(dependencies), reportUnexpected),
    finishVerification: guarded(createFinishVerification(dependencies), reportUnexpected),
    forgetVerification: guarded(createForgetVerification(dependencies), reportUnexpected),
    sampleCalendars: guarded(createSampleCalendars(dependencies), reportUnexpected),
    deleteExpired: guarded(createDeleteExpired(dependencies), reportUnexpected),
    partitionPlannedWorkspaces: guarded(createPartitionPlannedWorkspaces(dependencies), reportUnexpected),
    listPlannedWorkspaces: guarded(createListPlannedWorkspaces(dependencies), reportUnexpected),
    prepareUndo: guarded(createPrepareUndo(dependencies), reportUnexpected),
    failPlanRun: guarded(createFailPlanRun(dependencies), reportUnexpected),
    recordPlanFailure: guarded(createRecordPlanFailure(dependencies), reportUnexpected),
    settleChannels: guarded(createSettleChannels(dependencies), reportUnexpected),
    failEventWrites: guarded(createFailEventWrites(dependencies), reportUnexpected),
    listChannelWork: guarded(createListChannelWork(dependencies), reportUnexpected),
    applyTemplatePage: guarded(createApplyTemplatePage(dependencies), reportUnexpected),
    beginDeletion: guarded(createBeginDeletion(dependencies), reportUnexpected),
    endRuns: guarded(createEndRuns(), reportUnexpected),
    deleteRows: guarded(createDeleteRows(dependencies), reportUnexpected),
  };
}

/** Activities that call Google, served on `google-calendar`. */
export function createGoogleActivities(dependencies: ActivityDependencies) {
  const { reportUnexpected } = dependencies;
  return {
    pullEventsPage: guarded(createPullEventsPage(dependencies), reportUnexpected),
    refreshCalendarList: guarded(createRefreshCalendarList(dependencies), reportUnexpected),
    compareEventsPage: guarded(createCompareEventsPage(dependencies), reportUnexpected),
    setPendingAside: guarded(createSetPendingAside(dependencies), reportUnexpected),
    reconcileBlocks: guarded(createReconcileBlocks(dependencies), reportUnexpected),
    applyWrites: guarded(createApplyWrites(dependencies), reportUnexpected),
    applyEventWrites: guarded(createApplyEventWrites(dependencies), reportUnexpected),
    findWrittenCalendars: guarded(createFindWrittenCalendars(dependencies), reportUnexpected),
    purgeCalendar: guarded(createPurgeCalendar(dependencies), reportUnexpected),
    openChannel: guarded(createOpenChannel(dependencies), reportUnexpected),
    stopChannels: guarded(createStopChannels(dependencies), reportUnexpected),
    deleteOwnCalendars: guarded(createDeleteOwnCalendars(dependencies), reportUnexpected),
    releaseAccount: guarded(createReleaseAccount(dependencies), reportUnexpected),
  };
}

/** Activities that compute, served on `smart-schedule`. */
export function createPlanningActivities(dependencies: ActivityDependencies) {
  const { reportUnexpected } = dependencies;
  return {
    planWorkspace: guarded(createPlanWorkspace(dependencies), reportUnexpected),
  };
}

/** Activities that ask receivers of webhooks, served on `webhook-delivery`. */
export function createDeliveryActivities(dependencies: ActivityDependencies) {
  const { reportUnexpected } = dependencies;
  return {
    deliverChangeBatch: guarded(createDeliverChangeBatch(dependencies), reportUnexpected),
  };
}

export type DatabaseActivities = ReturnType<typeof createDatabaseActivities>;
export type GoogleActivities = ReturnType<typeof createGoogleActivities>;
export type PlanningActivities = ReturnType<typeof createPlanningActivities>;
export type DeliveryActivities = ReturnType<typeof createDeliveryActivities>;
