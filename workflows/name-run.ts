import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { SYNC_MODE_ATTRIBUTE, WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import type { SyncMode } from '../contracts/sync-modes.ts';

/** Sets the search attributes of a run that was started without them, and saves the upsert otherwise. */
export function nameRun(workspaceId: string, mode?: SyncMode): void {
  if (workflowInfo().typedSearchAttributes.get(WORKSPACE_ID_ATTRIBUTE) !== undefined) return;
  upsertSearchAttributes([
    { key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId },
    ...(mode === undefined ? [] : [{ key: SYNC_MODE_ATTRIBUTE, value: mode }]),
  ]);
}
