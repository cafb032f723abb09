import type { FailureType } from './failure-types.ts';
import type { PlanMode, PlanRefusal } from './planning.ts';
import type { EditCounts, WriteCounts } from './plan-result.ts';
import type { SyncSource } from './sync-modes.ts';

/** The run that an activity of planning belongs to. */
export interface PlanRunContext {
  workspaceId: string;
  source: SyncSource;
  correlationId: string;
}

export interface ReconcileBlocksInput extends PlanRunContext {
  /** Calendars whose sync has just succeeded. The mirror of any other may be out of date. */
  syncedCalendarIds: string[];
}

export type ReconcileBlocksResult = EditCounts;

export interface PlanWorkspaceInput extends PlanRunContext {
  mode: Extract<PlanMode, 'preview' | 'apply'>;
  /** Days that the plan covers. Null: as the workspace's policy says. */
  days: number | null;
  force: boolean;
  safe: boolean;
  /** Fingerprint of the preview to apply. Null: no preview to compare with. */
  expectedFingerprint: string | null;
}

export interface PlanWorkspaceResult {
  runId: string;
  placed: number;
  unscheduled: number;
  /** The plan differs from the preview. */
  replanned: boolean;
  refused: PlanRefusal | null;
}

export interface PrepareUndoInput extends PlanRunContext {
  /** Applied run to undo. */
  undoRunId: string;
}

export interface PrepareUndoResult {
  /** Run that undoes it; null when there is nothing to undo. */
  runId: string | null;
}

export interface ApplyWritesInput extends PlanRunContext {
  runId: string;
}

export interface ApplyWritesResult {
  outcome:
    | 'more'
    | 'done'
    /** A person has changed a block since the plan was made. */
    | 'edited'
    /** The plan is too old to be applied. */
    | 'stale';
  /** Completed writes of the run, earlier batches included. */
  totals: WriteCounts;
}

export interface FailPlanRunInput extends PlanRunContext {
  runId: string;
  failureType: FailureType;
}

export interface FailPlanRunResult {
  totals: WriteCounts;
}

export interface RecordPlanFailureInput extends PlanRunContext {
  failureType: FailureType;
}

export interface FindWrittenCalendarsResult {
  /** Calendars that Almanac has written to, or created. */
  calendarIds: string[];
  /** Number of further ones, whose accounts must be connected again. Absent from older histories. */
  unreachable?: number;
}

export interface PurgeCalendarInput extends PlanRunContext {
  calendarId: string;
}

export interface PurgeCalendarResult {
  outcome: 'more' | 'done';
  deleted: number;
}
