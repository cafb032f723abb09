import { defineQuery, defineSignal } from '@temporalio/workflow';
import {
  type FanOutProgress,
  type FanOutTotals,
  PARTITION_PROGRESS_SIGNAL,
  type PartitionProgress,
} from '../contracts/fan-out.ts';
import {
  PROGRESS_QUERY,
  SYNC_REQUESTED_SIGNAL,
  type SyncProgress,
  type SyncRequest,
} from '../contracts/sync.ts';
import type { VerifyProgress } from '../contracts/verification.ts';

/** Asks a sync that may be running to do this, too, before it ends. */
export const syncRequested = defineSignal<[SyncRequest]>(SYNC_REQUESTED_SIGNAL);

/** How far a sync has come. */
export const syncProgress = defineQuery<SyncProgress>(PROGRESS_QUERY);

/** How far a verification has come. */
export const verifyProgress = defineQuery<VerifyProgress>(PROGRESS_QUERY);

/** How far a fan-out has come. */
export const fanOutProgress = defineQuery<FanOutProgress<FanOutTotals>>(PROGRESS_QUERY);

/** How far one partition of a fan-out has come: its totals so far. */
export const partitionTotals = defineQuery<FanOutTotals>(PROGRESS_QUERY);

/** How far a partition has come, for its coordinator. */
export const partitionProgress = defineSignal<[PartitionProgress]>(PARTITION_PROGRESS_SIGNAL);
