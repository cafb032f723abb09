import type { SyncMode, SyncSource } from './sync.ts';

/** Input of `syncAllWorkspaces`. Additive for ever. */
export interface FanOutInput {
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

/** Result of `syncAllWorkspaces`: totals, never a list per workspace. */
export interface FanOutResult {
  /** Children started that ended well. */
  succeeded: number;
  /** Children that failed, or ended with `success: false`. */
  failed: number;
  /** Workspaces whose sync was already running. */
  skipped: number;
  calendars: number;
  upserted: number;
  deleted: number;
  /** At most `MAX_SAMPLE_FAILURES`. */
  sampleFailures: { workspaceId: string; error: string }[];
}

/** A slice of the workspaces in ID order: `after < workspaceId <= upTo`. */
export interface WorkspaceRange {
  after: string | null;
  upTo: string | null;
}

/** What one partition of a fan-out is for. */
export type PartitionSlice = { range: WorkspaceRange } | { workspaceIds: string[] };

/** Input of `syncWorkspacePartition`, which the coordinator starts. */
export interface PartitionInput {
  mode: SyncMode;
  source: SyncSource;
  correlationId: string;
  /** ISO instant; null for workspaces whether due or not. */
  dueAt: string | null;
  slice: PartitionSlice;
  /** Set by continue-as-new only. */
  totals?: FanOutResult;
}

/** Input of `rollHorizons`. */
export interface RollHorizonsInput {
  /** Set by continue-as-new only. */
  resume?: { afterCalendarId: string; calendars: number };
}

export const MAX_WORKSPACE_IDS = 1_000;
export const MAX_SAMPLE_FAILURES = 20;
