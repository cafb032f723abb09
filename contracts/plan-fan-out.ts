import type { FanOutTotals, PartitionSlice } from './fan-out.ts';
import type { SyncSource } from './sync.ts';

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

/** Result of `scheduleAllWorkspaces`. */
export interface PlanFanOutResult extends FanOutTotals {
  placed: number;
  unscheduled: number;
  created: number;
  moved: number;
  deleted: number;
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
