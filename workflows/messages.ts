import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { FanOutResult } from '../contracts/fan-out.ts';
import {
  PROGRESS_QUERY,
  SYNC_REQUESTED_SIGNAL,
  type SyncProgress,
  type SyncRequest,
} from '../contracts/sync.ts';

/** Asks a sync that may be running to do this, too, before it ends. */
export const syncRequested = defineSignal<[SyncRequest]>(SYNC_REQUESTED_SIGNAL);

/** How far a sync has come. */
export const syncProgress = defineQuery<SyncProgress>(PROGRESS_QUERY);

/** How far a fan-out has come: its totals so far. */
export const fanOutProgress = defineQuery<FanOutResult>(PROGRESS_QUERY);
