import type { FailureType } from './failure-types.ts';
import type { EditCounts, PlanMode, PlanRefusal, WriteCounts } from './planning.ts';
import type { SyncSource } from './sync.ts';

/** What an activity of a planning run knows of its run. */
export interface PlanRunContext {
  workspaceId: string;
  source: SyncSource;
  correlationId: string;
}

export interface ReconcileBlocksInput extends PlanRunContext {
  /** Calendars whose sync has just succeeded: of others the mirror proves nothing. */
  syncedCalendarIds: string[];
}

export type ReconcileBlocksResult = EditCounts;

export interface PlanWorkspaceInput extends PlanRunContext {
  mode: Extract<PlanMode, 'preview' | 'apply'>;
  /** Null: the workspace's policy. */
  days: number | null;
  force: boolean;
  safe: boolean;
  /** Null: nobody has seen a preview. */
  expectedFingerprint: string | null;
}

export interface PlanWorkspaceResult {
  runId: string;
  placed: number;
  unscheduled: number;
  /** The plan is another than the one that was shown. */
  replanned: boolean;
  refused: PlanRefusal | null;
}

export interface PrepareUndoInput extends PlanRunContext {
  /** The applied run to take back. */
  undoRunId: string;
}

export interface PrepareUndoResult {
  /** The run that takes it back; null where there is nothing to take back. */
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
    /** The plan has waited for so long that it no longer holds. */
    | 'stale';
  /** Writes of the run that are done, earlier batches included. */
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
  /** Others, whose accounts have to be connected again. Results from before they were counted say nothing of them. */
  unreachable?: number;
}

export interface PurgeCalendarInput extends PlanRunContext {
  calendarId: string;
}

export interface PurgeCalendarResult {
  outcome: 'more' | 'done';
  deleted: number;
}
