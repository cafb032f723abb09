import type { SyncInput } from '../contracts/sync.ts';
import type { SyncResult } from '../contracts/sync-result.ts';
import { syncWorkspace } from './sync-workspace.ts';

/**
 * Pulls the changes of every calendar of a workspace since its sync token. A calendar without a token, or
 * whose token has expired (HTTP 410), is listed in full in the same run. Workflow ID
 * `calendar-sync/{workspaceId}`.
 */
export async function incrementalSync(input: SyncInput): Promise<SyncResult> {
  return syncWorkspace(input, 'incremental');
}
