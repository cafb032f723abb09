import type { SyncInput, SyncResult } from '../contracts/sync.ts';
import { syncWorkspace } from './sync-workspace.ts';

/**
 * Lists each of a workspace's calendars anew and sweeps what Google no longer has. Same workflow ID as
 * `incrementalSync`, `calendar-sync/{workspaceId}`: one sync per workspace at a time.
 */
export async function fullSync(input: SyncInput): Promise<SyncResult> {
  return syncWorkspace(input, 'full');
}
