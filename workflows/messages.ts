import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import { DELIVERY_WOKEN_SIGNAL } from '../contracts/delivery.ts';
import {
  type FanOutProgress,
  PARTITION_PROGRESS_SIGNAL,
  type PartitionProgress,
} from '../contracts/fan-out.ts';
import type { FanOutTotals } from '../contracts/fan-out-results.ts';
import {
  PROGRESS_QUERY,
  SYNC_NOW_UPDATE,
  SYNC_REQUESTED_SIGNAL,
  type SyncNowResult,
  type SyncProgress,
  type SyncRequest,
} from '../contracts/sync.ts';
import type { TemplateProgress } from '../contracts/templates.ts';
import type { DeletionProgress } from '../contracts/tenancy.ts';
import type { VerifyProgress } from '../contracts/verification.ts';
import { type WriteCounts, WRITES_SETTLED_UPDATE } from '../contracts/writing.ts';

/** Adds a request to a running sync, which serves it before it ends. */
export const syncRequested = defineSignal<[SyncRequest]>(SYNC_REQUESTED_SIGNAL);

/** Adds a request to a running sync, and answers with the result of the pass that serves it. */
export const syncNow = defineUpdate<SyncNowResult, [SyncRequest]>(SYNC_NOW_UPDATE);

/** Progress of a sync. */
export const syncProgress = defineQuery<SyncProgress>(PROGRESS_QUERY);

/** Progress of a verification. */
export const verifyProgress = defineQuery<VerifyProgress>(PROGRESS_QUERY);

/** Writes of a batch that have their outcome. */
export const writeProgress = defineQuery<WriteCounts>(PROGRESS_QUERY);

/** Waits until every write of a batch has its outcome. */
export const writesSettled = defineUpdate<WriteCounts>(WRITES_SETTLED_UPDATE);

/** Progress of the deletion of a workspace. */
export const deletionProgress = defineQuery<DeletionProgress>(PROGRESS_QUERY);

/** Progress of an application of a template. */
export const templateProgress = defineQuery<TemplateProgress>(PROGRESS_QUERY);

/** Progress of a fan-out. */
export const fanOutProgress = defineQuery<FanOutProgress<FanOutTotals>>(PROGRESS_QUERY);

/** Totals so far of one partition of a fan-out. */
export const partitionTotals = defineQuery<FanOutTotals>(PROGRESS_QUERY);

/** Report of a partition to its coordinator. */
export const partitionProgress = defineSignal<[PartitionProgress]>(PARTITION_PROGRESS_SIGNAL);

/** Wakes the deliveries of a subscription: its workspace has changed, or it was resumed. */
export const deliveryWoken = defineSignal(DELIVERY_WOKEN_SIGNAL);
