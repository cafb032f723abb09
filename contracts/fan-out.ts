import type { SyncMode, SyncSource } from './sync.ts';

/** Input of `syncAllWorkspaces`. Additive for ever. */
export interface SyncFanOutInput {
  /** Default `incremental`. */
  mode?: SyncMode;
  /** Default `schedule`. */
  source?: SyncSource;
  /** These only, due or not; at most `MAX_WORKSPACE_IDS`. Default: every workspace that is due. */
  workspaceIds?: string[];
  /** Every workspace with a usable account, due or not. Default false. */
  all?: boolean;
  correlationId?: string;
}

/** What every fan-out adds up: totals, never a list per workspace. */
export interface FanOutTotals {
  /** Children started that ended well. */
  succeeded: number;
  /** Children that failed, or ended with `success: false`. */
  failed: number;
  /** Workspaces whose workflow was already running. */
  skipped: number;
  /** At most `MAX_SAMPLE_FAILURES`. */
  sampleFailures: { workspaceId: string; error: string }[];
}

/** Result of `syncAllWorkspaces`. */
export interface SyncFanOutResult extends FanOutTotals {
  calendars: number;
  upserted: number;
  deleted: number;
}

/** Answer of a fan-out's query `progress`: the totals so far, and how much there is. */
export type FanOutProgress<Totals extends FanOutTotals = SyncFanOutResult> = Totals & {
  /** That the fan-out found to do when it began. */
  workspaces: number;
  partitions: number;
  partitionsEnded: number;
};

/** Payload of the signal by which a partition tells its coordinator how far it is. */
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

/** One cut of the workspaces that a fan-out is for. */
export interface WorkspacePartition extends WorkspaceRange {
  /** How many are in it. Absent in histories from before they were counted. */
  workspaces?: number;
  /** The range is begun after this workspace, and ended with what lies before. Absent: it is begun at its start. */
  startAfter?: string;
}

/** What one partition of a fan-out is for. */
export type PartitionSlice =
  /** `afterwards` follows when `range` has been walked through. */
  { range: WorkspaceRange; afterwards?: WorkspaceRange } | { workspaceIds: string[] };

/** Input of `syncWorkspacePartition`, which the coordinator starts. */
export interface SyncPartitionInput {
  mode: SyncMode;
  source: SyncSource;
  correlationId: string;
  /** ISO instant; null for workspaces whether due or not. */
  dueAt: string | null;
  slice: PartitionSlice;
  childrenAtOnce?: number;
  /** Children between two reports to the coordinator. */
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
 * The shape of a fan-out: many narrow partitions. Starting children takes a lock of the parent's history, so that the
 * parent is the bottleneck: of fifty side by side most wait for it, of eight hardly any.
 */
export const FAN_OUT_SHAPE = {
  mostPartitions: 16,
  /** Fewer workspaces than this are not worth a partition of their own. */
  workspacesPerPartition: 50,
  childrenAtOnce: 8,
  /** Of a whole fan-out: enough to watch it, few enough for the coordinator's history. */
  reports: 100,
  fewestChildrenPerReport: 20,
} as const;

export const MAX_SAMPLE_FAILURES = 20;
