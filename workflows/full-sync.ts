import type { SyncInput } from '../contracts/sync.ts';
import type { SyncResult } from '../contracts/sync-result.ts';
import { syncWorkspace } from './sync-workspace.ts';

/**
 * Lists every calendar of a workspace in full and deletes events that Google does not list. Workflow ID
 * `calendar-sync/{workspaceId}`, as for `incrementalSync`: one sync per workspace at a time.
 */
export async function fullSync(input: SyncInput): Promise<SyncResult> {
  return syncWorkspace(input, 'full');
}
