import type { FanOutTotals, PartitionSlice } from './fan-out.ts';
import type { SyncSource } from './sync.ts';

/** Input of `scheduleAllWorkspaces`. Additive for ever. */
export interface PlanFanOutInput {
  /** Default `schedule`. */
  source?: SyncSource;
  /** These only, whatever their policy says; at most `MAX_WORKSPACE_IDS`. Default: all that have something to plan. */
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
  /** Children between two reports to the coordinator. */
  reportEvery?: number;
  /** Set by continue-as-new only. */
  totals?: PlanFanOutResult;
}
