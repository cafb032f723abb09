import type { FanOutTotals, SyncFanOutResult } from './fan-out-results.ts';
import type { SyncMode, SyncSource } from './sync-modes.ts';

/** Input of `syncAllWorkspaces`. Fields may be added, never changed or removed. */
export interface SyncFanOutInput {
  /** Default `incremental`. */
  mode?: SyncMode;
  /** Default `schedule`. */
  source?: SyncSource;
  /** Only these workspaces, due or not; at most `MAX_WORKSPACE_IDS`. Default: every workspace that is due. */
  workspaceIds?: string[];
  /** Every workspace with a usable account, due or not. Default false. */
  all?: boolean;
  correlationId?: string;
}

/** Answer to a fan-out's query `progress`: the totals so far, and the amount of work. */
export type FanOutProgress<Totals extends FanOutTotals = SyncFanOutResult> = Totals & {
  /** Workspaces found when the fan-out began. */
  workspaces: number;
  partitions: number;
  partitionsEnded: number;
};

/** Payload of the signal by which a partition reports its progress to its coordinator. */
export interface PartitionProgress<Totals extends FanOutTotals = FanOutTotals> {
  workflowId: string;
  /** Without samples, which come with the result. */
  totals: Totals;
}

export const PARTITION_PROGRESS_SIGNAL = 'partitionProgress';

/** A slice of the workspaces in ID order: `after < workspaceId <= upTo`. */
export interface WorkspaceRange {
  after: string | null;
  upTo: string | null;
}

/** One partition of the workspaces of a fan-out. */
export interface WorkspacePartition extends WorkspaceRange {
  /** Number of workspaces in it. Absent from histories older than this field. */
  workspaces?: number;
  /** Workspace after which the range is begun; the part before it comes last. Absent: begun at its start. */
  startAfter?: string;
}

/** The workspaces of one partition of a fan-out. */
export type PartitionSlice =
  /** `afterwards` follows when `range` is done. */
  { range: WorkspaceRange; afterwards?: WorkspaceRange } | { workspaceIds: string[] };

/** Input of `syncWorkspacePartition`, which the coordinator starts. */
export interface SyncPartitionInput {
  mode: SyncMode;
  source: SyncSource;
  correlationId: string;
  /** ISO instant by which workspaces are due. Null: all, due or not. */
  dueAt: string | null;
  slice: PartitionSlice;
  childrenAtOnce?: number;
  /** Children per report to the coordinator. */
  reportEvery?: number;
  /** Set by continue-as-new only. */
  totals?: SyncFanOutResult;
}

/** Input of `rollHorizons`. */
export interface RollHorizonsInput {
  /** Set by continue-as-new only. */
  resume?: { afterCalendarId: string; calendars: number };
}

/**
 * The shape of a fan-out: many narrow partitions. Starting a child locks the parent's history, so the parent
 * is the bottleneck: with fifty children at once most of them wait for it, with eight hardly any.
 */
export const FAN_OUT_SHAPE = {
  mostPartitions: 16,
  /** Smallest partition: fewer workspaces do not justify another child workflow. */
  workspacesPerPartition: 50,
  childrenAtOnce: 8,
  /** Reports of a whole fan-out: enough to watch it, few enough for the coordinator's history. */
  reports: 100,
  fewestChildrenPerReport: 20,
} as const;

export const MAX_SAMPLE_FAILURES = 20;
