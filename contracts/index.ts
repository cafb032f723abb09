/** Exports for other programs that start Almanac's workflows and read their results: `almanac/contracts`. */
export { FailureType } from './failure-types.ts';
export { PriorityKey } from './priorities.ts';
export { SYNC_MODE_ATTRIBUTE, WORKSPACE_ID_ATTRIBUTE } from './search-attributes.ts';
export {
  PROGRESS_QUERY,
  SYNC_NOW_UPDATE,
  SYNC_REQUESTED_SIGNAL,
  type SyncInput,
  type SyncNowResult,
  type SyncProgress,
  type SyncRequest,
} from './sync.ts';
export type { CalendarSyncResult, SyncResult } from './sync-result.ts';
export type { SyncMode } from './sync-modes.ts';
export { TaskQueue } from './task-queues.ts';
export { calendarSyncWorkflowId, smartScheduleWorkflowId } from './workflow-ids.ts';
export { WorkflowType } from './workflow-types.ts';
