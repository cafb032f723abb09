import type { SyncInput, SyncResult } from '../contracts/sync.ts';
import { syncWorkspace } from './sync-workspace.ts';

/**
 * Pulls the changes of each of a workspace's calendars since its sync token; a calendar without a token, or whose
 * token Google no longer accepts (HTTP 410), is listed anew in the same run. Workflow ID `calendar-sync/{workspaceId}`.
 */
export async function incrementalSync(input: SyncInput): Promise<SyncResult> {
  return syncWorkspace(input, 'incremental');
}
