import type { PlanFanOutResult } from './fan-out-results.ts';
import type { PartitionSlice } from './fan-out.ts';
import type { SyncSource } from './sync-modes.ts';

/** Input of `scheduleAllWorkspaces`. Fields may be added, never changed or removed. */
export interface PlanFanOutInput {
  /** Default `schedule`. */
  source?: SyncSource;
  /**
   * Only these workspaces, regardless of their policy; at most `MAX_WORKSPACE_IDS`. Default: see the
   * workflow.
   */
  workspaceIds?: string[];
  correlationId?: string;
}

/** Input of `scheduleWorkspacePartition`, which the coordinator starts. */
export interface PlanPartitionInput {
  source: SyncSource;
  correlationId: string;
  slice: PartitionSlice;
  childrenAtOnce?: number;
  /** Children per report to the coordinator. */
  reportEvery?: number;
  /** Set by continue-as-new only. */
  totals?: PlanFanOutResult;
}
